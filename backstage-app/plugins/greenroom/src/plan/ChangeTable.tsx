import Chip from '@material-ui/core/Chip';
import { makeStyles, type Theme } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import type { Change } from '../api/plan';
import { Breakable } from './Breakable';
import { FieldChanges } from './FieldChanges';
import { keyOf, PLACES } from './sections';
import { colourOf, isGrave, VerbLabel } from './VerbLabel';

// Fixed, so that the tables of several environments stand below each other in the same columns.
const COLUMNS = [
  { title: 'What happens', width: '13%' },
  { title: 'What', width: '24%' },
  { title: 'Where', width: '17%' },
  { title: 'Fields', width: '28%' },
  { title: 'What becomes unavailable', width: '18%' },
];

const useStyles = makeStyles<Theme>(theme => ({
  scroll: { overflowX: 'auto' },
  table: { tableLayout: 'fixed', minWidth: 760 },
  row: { '&&': { background: 'none' }, verticalAlign: 'top' },
  cell: {
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  name: { fontWeight: 500 },
  blocked: { marginTop: theme.spacing(0.5), marginBottom: 0 },
  // On the next line rather than broken, as far as that is enough.
  whole: { display: 'inline-block', maxWidth: '100%' },
  quiet: { color: theme.palette.text.secondary },
}));

const useMark = makeStyles<Theme, { change: Change }>(theme => ({
  mark: {
    borderLeft: ({ change }) =>
      `4px solid ${
        isGrave(change.verb) || change.blocked
          ? colourOf(change.blocked ? 'delete' : change.verb, theme)
          : 'transparent'
      }`,
  },
}));

/** What it is, then what tells it from others of its kind: most things of a service have the service's own name. */
const What = ({ change }: { change: Change }) => {
  const classes = useStyles();
  const isFile = change.where === 'repository';
  return (
    <>
      <span className={classes.name}>
        <Breakable text={isFile ? change.name : change.kind} />
      </span>{' '}
      {!isFile && (
        <span className={`${classes.quiet} ${classes.whole}`}>
          {change.name}
        </span>
      )}
    </>
  );
};

const ChangeRow = ({ change }: { change: Change }) => {
  const classes = useStyles();
  const { mark } = useMark({ change });
  return (
    <TableRow className={classes.row}>
      <TableCell className={`${classes.cell} ${mark}`}>
        <VerbLabel verb={change.verb} />
        {change.blocked && (
          <div>
            <Chip
              className={classes.blocked}
              size="small"
              variant="outlined"
              label="cannot be done"
            />
          </div>
        )}
      </TableCell>
      <TableCell className={classes.cell}>
        <What change={change} />
      </TableCell>
      <TableCell className={classes.cell}>
        {PLACES[change.where]}{' '}
        <span className={classes.whole}>{change.place}</span>
      </TableCell>
      <TableCell className={classes.cell}>
        {change.fields.length > 0 ? (
          <FieldChanges
            of={`${change.kind} ${change.name}`}
            fields={change.fields}
          />
        ) : (
          <span className={classes.quiet} aria-label="none">
            –
          </span>
        )}
      </TableCell>
      <TableCell className={classes.cell}>
        {change.impact || <span className={classes.quiet}>Nothing</span>}
      </TableCell>
    </TableRow>
  );
};

/** What happens in one environment, a row for each thing. */
export const ChangeTable = (props: { label: string; changes: Change[] }) => {
  const classes = useStyles();
  return (
    <div className={classes.scroll}>
      <Table size="small" aria-label={props.label} className={classes.table}>
        <TableHead>
          <TableRow>
            {COLUMNS.map(({ title, width }) => (
              <TableCell key={title} style={{ width }}>
                {title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {props.changes.map(change => (
            <ChangeRow key={keyOf(change)} change={change} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
};
