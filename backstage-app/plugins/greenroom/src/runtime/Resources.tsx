import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import type { EnvironmentHealth } from '../api/types';
import { VerdictLabel } from '../health/VerdictLabel';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  nowrap: { whiteSpace: 'nowrap' },
});

/** What stands beside the workloads in each environment. */
export const Resources = (props: { environments: EnvironmentHealth[] }) => {
  const classes = useStyles();
  const rows = props.environments.flatMap(environment =>
    environment.resources.map(resource => ({ environment, resource })),
  );
  return (
    <div className={classes.scroll}>
      <Table size="small" aria-label="Resources">
        <TableHead>
          <TableRow>
            {['Environment', 'Object', 'Health', 'What it says'].map(each => (
              <TableCell key={each}>{each}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(({ environment, resource }) => (
            <TableRow
              key={`${environment.name}/${environment.cluster}/${resource.apiVersion}/${resource.kind}/${resource.namespace}/${resource.name}`}
            >
              <TableCell className={classes.nowrap}>
                {environment.name}
              </TableCell>
              <TableCell className={classes.nowrap}>
                {resource.kind} {resource.namespace}/{resource.name}
              </TableCell>
              <TableCell className={classes.nowrap}>
                <VerdictLabel shown={resource.status} />
              </TableCell>
              <TableCell>{resource.message}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
};
