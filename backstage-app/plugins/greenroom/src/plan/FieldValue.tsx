import { makeStyles } from '@material-ui/core/styles';

/** Characters that still fit beside a path; what is longer is unfolded by those who want to read it. */
const SHORT = 60;

const useStyles = makeStyles(theme => ({
  code: { fontFamily: 'monospace', overflowWrap: 'anywhere' },
  absent: { color: theme.palette.text.secondary, fontStyle: 'italic' },
  long: { display: 'inline-block', verticalAlign: 'top', maxWidth: '100%' },
  summary: { cursor: 'pointer' },
  text: {
    maxHeight: 240,
    overflow: 'auto',
    margin: theme.spacing(0.5, 0),
    padding: theme.spacing(1),
    background: theme.palette.background.default,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/** The value of a field as it would stand in a document; `absent` is the word for a field that is not there. */
export const FieldValue = (props: { value: unknown; absent: string }) => {
  const classes = useStyles();
  const text = textOf(props.value);
  if (text === undefined) {
    return <span className={classes.absent}>{props.absent}</span>;
  }
  if (text.length <= SHORT && !text.includes('\n')) {
    return <span className={classes.code}>{text}</span>;
  }
  return (
    <details className={classes.long}>
      <summary className={`${classes.code} ${classes.summary}`}>
        {beginningOf(text)}
      </summary>
      {/* Reached by keyboard, for what is longer than the box. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.text} tabIndex={0}>
        {text}
      </pre>
    </details>
  );
};

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (typeof value === 'string') {
    return value === '' ? '""' : value;
  }
  const compact = JSON.stringify(value);
  return compact.length <= SHORT ? compact : JSON.stringify(value, null, 2);
}

function beginningOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `${line.slice(0, SHORT)}…`;
}
