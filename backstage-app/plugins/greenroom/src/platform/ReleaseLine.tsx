import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ServiceDescription } from '../api/description';

const useStyles = makeStyles(theme => ({
  root: { marginBottom: theme.spacing(2) },
  notes: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** Which release of the platform the service follows, and what newer ones bring. */
export const ReleaseLine = (props: {
  release: ServiceDescription['release'];
}) => {
  const { pinned, used, newer } = props.release;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Typography>
        {pinned ? (
          <>
            Pinned to release <strong>{used}</strong> of the platform
            {newer.length === 0 && ', the newest'}.
          </>
        ) : (
          <>
            Follows the newest release of the platform, now{' '}
            <strong>{used}</strong>.
          </>
        )}
      </Typography>
      {newer.map(({ name, date, notes }) => (
        <details key={name}>
          <summary>
            {name} is there since {date}
          </summary>
          <ul className={classes.notes}>
            {notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
};
