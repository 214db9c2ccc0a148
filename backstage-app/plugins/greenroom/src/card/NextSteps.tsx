import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { NextStep } from '../api/types';
import { CopyButton } from './CopyButton';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(2) },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** What to do about it, the most useful first. */
export const NextSteps = ({ steps }: { steps: NextStep[] }) => {
  const classes = useStyles();
  if (steps.length === 0) {
    return null;
  }
  return (
    <div className={classes.root}>
      <Typography variant="subtitle1" component="h3">
        Next
      </Typography>
      <ul className={classes.list}>
        {steps.map(step => (
          <li key={step.title}>
            {step.url ? <Link to={step.url}>{step.title}</Link> : step.title}
            {step.command && (
              <>
                {': '}
                <code>{step.command}</code>
                <CopyButton text={step.command} />
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
};
