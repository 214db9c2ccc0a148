import { makeStyles } from '@material-ui/core/styles';
import type { Change } from '../api/plan';
import { ChangeTable } from './ChangeTable';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(1) },
  summary: { cursor: 'pointer' },
}));

/** The files of the repository that change, folded away: each follows from something that the table above has. */
export const Files = (props: { where: string; changes: Change[] }) => {
  const { changes, where } = props;
  const classes = useStyles();
  if (changes.length === 0) {
    return null;
  }
  const count = changes.length === 1 ? '1 file' : `${changes.length} files`;
  return (
    <details className={classes.root}>
      <summary className={classes.summary}>
        {count} to write in the repository {changes[0].place}
      </summary>
      <ChangeTable label={`Files of ${where}`} changes={changes} />
    </details>
  );
};
