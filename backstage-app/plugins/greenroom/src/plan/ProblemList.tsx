import { Link } from '@backstage/core-components';
import type { Problem } from '@greenroom/client';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';

const useStyles = makeStyles(theme => ({
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
  place: {
    font: 'inherit',
    fontFamily: 'monospace',
    verticalAlign: 'baseline',
    color: theme.palette.primary.main,
    textDecoration: 'underline',
    '&:focus-visible': { outline: '2px solid', outlineOffset: 2 },
  },
}));

const Place = (props: {
  problem: Problem;
  onJump?: (line: number, column: number) => void;
}) => {
  const { line, column, file } = props.problem;
  const { onJump } = props;
  const classes = useStyles();
  if (line === 0) {
    return <>The whole document:</>;
  }
  if (!onJump) {
    return (
      <code>
        {file}:{line}:{column}
      </code>
    );
  }
  return (
    <ButtonBase
      className={classes.place}
      aria-label={`Go to line ${line}, column ${column}`}
      onClick={() => onJump(line, column)}
    >
      {line}:{column}
    </ButtonBase>
  );
};

/** Every error of a document, with its place; where there is an editor, the place leads to the line in it. */
export const ProblemList = (props: {
  problems: readonly Problem[];
  onJump?: (line: number, column: number) => void;
}) => {
  const { problems, onJump } = props;
  const classes = useStyles();
  return (
    <section aria-label="Errors in the document">
      <Typography
        variant="subtitle1"
        component="h3"
        color="error"
        role="status"
      >
        {problems.length === 1
          ? '1 error in the document'
          : `${problems.length} errors in the document`}
      </Typography>
      <ul className={classes.list}>
        {problems.map(problem => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`}>
            <Place problem={problem} onJump={onJump} /> {problem.message}{' '}
            {problem.remedy}
            {problem.page && (
              <>
                {' '}
                <Link to={problem.page}>What this field means</Link>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
