import { makeStyles } from '@material-ui/core/styles';
import type { Change } from '../api/plan';
import { keyOf, placeOf } from './sections';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(1), color: theme.palette.text.secondary },
  summary: { cursor: 'pointer' },
  list: {
    columns: '22em auto',
    margin: theme.spacing(1, 0),
    paddingLeft: theme.spacing(3),
  },
  item: { breakInside: 'avoid', overflowWrap: 'anywhere' },
}));

/** What stays as it is, folded away. */
export const Unchanged = (props: { changes: Change[] }) => {
  const classes = useStyles();
  if (props.changes.length === 0) {
    return null;
  }
  return (
    <details className={classes.root}>
      <summary className={classes.summary}>
        {props.changes.length} unchanged
      </summary>
      <ul className={classes.list}>
        {props.changes.map(change => (
          <li key={keyOf(change)} className={classes.item}>
            {change.kind} {change.name} ({placeOf(change)})
          </li>
        ))}
      </ul>
    </details>
  );
};
