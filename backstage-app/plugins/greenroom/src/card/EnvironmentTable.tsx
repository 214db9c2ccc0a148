import { useState } from 'react';
import { Link } from '@backstage/core-components';
import Collapse from '@material-ui/core/Collapse';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type { Cause, EnvironmentHealth, ServiceLink } from '../api/types';
import { Since } from '../health/Since';
import { VerdictLabel } from '../health/VerdictLabel';
import { Workloads } from './Workloads';

const COLUMNS = ['Environment', 'Health', 'Since', 'Version', 'Pods ready'];

const useStyles = makeStyles(theme => ({
  scroll: { overflowX: 'auto' },
  name: { display: 'flex', alignItems: 'center', fontWeight: 500 },
  cluster: { color: theme.palette.text.secondary, fontWeight: 400 },
  sentence: { maxWidth: '34em' },
  links: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1.5) },
  nowrap: { whiteSpace: 'nowrap' },
  // Every other row is a folded one, so stripes would fall on all or none.
  row: { '&&': { background: 'none' } },
  open: { transform: 'rotate(180deg)' },
  details: { paddingTop: 0, paddingBottom: 0 },
}));

/** Where it runs, as far as the name of the environment doesn't say so. */
function placeOf({ name, cluster, simulated }: EnvironmentHealth): string {
  const place = cluster === name ? '' : ` ${cluster}`;
  return simulated ? `${place} (simulated)` : place;
}

/** Such as `Pod commerce/order-api-7d4, container app, exit 1`. */
function causeInWords({ kind, namespace, name, container, exitCode }: Cause) {
  return [
    `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
    container && `container ${container}`,
    exitCode !== null && `exit ${exitCode}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The pages about one environment, without its name, which stands in the row. */
const Links = (props: { environment: string; links: ServiceLink[] }) => {
  const classes = useStyles();
  const links = props.links.filter(
    each => each.environment === props.environment,
  );
  return (
    <div className={classes.links}>
      {links.map(({ title, url }) => (
        <Link key={url} to={url} variant="caption" aria-label={title}>
          {title.replace(` (${props.environment})`, '')}
        </Link>
      ))}
    </div>
  );
};

const EnvironmentRows = (props: {
  environment: EnvironmentHealth;
  links: ServiceLink[];
}) => {
  const { environment, links } = props;
  const classes = useStyles();
  const [open, setOpen] = useState(false);
  return (
    <>
      <TableRow className={classes.row}>
        <TableCell>
          <div className={classes.name}>
            <IconButton
              size="small"
              aria-expanded={open}
              aria-label={`Workloads in ${environment.name}`}
              disabled={environment.workloads.length === 0}
              onClick={() => setOpen(!open)}
            >
              <ExpandMoreIcon className={open ? classes.open : undefined} />
            </IconButton>
            <span>
              {environment.name}
              <Typography variant="caption" className={classes.cluster}>
                {placeOf(environment)}
              </Typography>
            </span>
          </div>
        </TableCell>
        <TableCell>
          <VerdictLabel shown={environment.status} />
          <Typography variant="body2" className={classes.sentence}>
            {environment.message}
          </Typography>
          {environment.cause && (
            <Typography variant="caption" className={classes.cluster}>
              {causeInWords(environment.cause)}
            </Typography>
          )}
          <Links environment={environment.name} links={links} />
        </TableCell>
        <TableCell className={classes.nowrap}>
          <Since moment={environment.since} />
        </TableCell>
        <TableCell className={classes.nowrap}>
          {environment.version ?? '–'}
        </TableCell>
        <TableCell className={classes.nowrap}>
          {environment.ready} of {environment.desired}
        </TableCell>
      </TableRow>
      <TableRow className={classes.row}>
        <TableCell colSpan={COLUMNS.length} className={classes.details}>
          <Collapse in={open} unmountOnExit>
            <Workloads workloads={environment.workloads} />
          </Collapse>
        </TableCell>
      </TableRow>
    </>
  );
};

/** One row for each environment; its workloads and pods unfold below it. */
export const EnvironmentTable = (props: {
  environments: EnvironmentHealth[];
  links: ServiceLink[];
}) => {
  const classes = useStyles();
  return (
    <div className={classes.scroll}>
      <Table size="small" aria-label="Health by environment">
        <TableHead>
          <TableRow>
            {COLUMNS.map(each => (
              <TableCell key={each} className={classes.nowrap}>
                {each}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody aria-live="polite">
          {props.environments.map(each => (
            <EnvironmentRows
              key={`${each.name}/${each.cluster}`}
              environment={each}
              links={props.links}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
};
