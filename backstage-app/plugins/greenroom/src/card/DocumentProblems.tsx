import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { DocumentState } from '../api/types';
import { Since } from '../health/Since';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(2) },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** What is wrong with the document that this entity comes from, where, and what to do. */
export const DocumentProblems = (props: { document: DocumentState }) => {
  const { location, problems, readAt, stale } = props.document;
  const classes = useStyles();
  if (problems.length === 0 && !stale) {
    return null;
  }
  return (
    <section className={classes.root} aria-label="Problems of the document">
      <Typography variant="subtitle1" component="h3" color="error">
        {problems.length === 1 ? '1 problem' : `${problems.length} problems`} in
        the service document
      </Typography>
      {stale && (
        <Typography variant="body2" color="textSecondary">
          This page shows the service as it last was, read{' '}
          <Since moment={readAt} /> from {location.replace(/^(url|file):/, '')}.
        </Typography>
      )}
      <ul className={classes.list}>
        {problems.map(({ file, line, column, message, remedy }) => (
          <li key={`${file}:${line}:${column}:${message}`}>
            <code>
              {file}:{line}:{column}
            </code>{' '}
            {message} {remedy}
          </li>
        ))}
      </ul>
    </section>
  );
};
