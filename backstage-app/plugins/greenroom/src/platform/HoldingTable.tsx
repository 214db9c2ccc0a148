import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type { DescribedEnvironment, Owned } from '../api/description';
import { VerdictLabel } from '../health/VerdictLabel';
import { detailsOf, holdingsOf } from './words';

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto' },
  row: { '&&': { background: 'none' } },
  cell: {
    verticalAlign: 'top',
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  title: { whiteSpace: 'nowrap', fontWeight: 500 },
  // Reasons are parts of sentences elsewhere.
  reason: { '&::first-letter': { textTransform: 'uppercase' } },
  details: { color: theme.palette.text.secondary, overflowWrap: 'anywhere' },
}));

const Place = ({ owned }: { owned: Owned }) => {
  const classes = useStyles();
  return (
    <div>
      <VerdictLabel shown={owned.status} />
      {owned.reason && (
        <Typography variant="body2" className={classes.reason}>
          {owned.reason}
        </Typography>
      )}
      <Typography variant="caption" component="div" className={classes.details}>
        {detailsOf(owned)}
      </Typography>
    </div>
  );
};

/** One row for each thing that the service owns, one column for each environment. */
export const HoldingTable = (props: {
  environments: DescribedEnvironment[];
}) => {
  const classes = useStyles();
  const { environments } = props;
  return (
    <div className={classes.scroll}>
      <Table size="small" aria-label="What the service owns">
        <TableHead>
          <TableRow>
            <TableCell>What</TableCell>
            {environments.map(({ environment }) => (
              <TableCell key={environment}>{environment}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {holdingsOf(environments).map(({ title, places }) => (
            <TableRow key={title} className={classes.row}>
              <TableCell className={`${classes.cell} ${classes.title}`}>
                {title}
              </TableCell>
              {environments.map(({ environment }) => (
                <TableCell key={environment} className={classes.cell}>
                  {places
                    .get(environment)
                    ?.map(owned => (
                      <Place
                        key={`${owned.where}/${owned.place}`}
                        owned={owned}
                      />
                    )) ?? <span aria-label="none">–</span>}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
};
