import { useEffect, useRef } from 'react';
import { Card, CardBody } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { Plan, PlanRequest } from '../api/plan';
import type { Answer } from '../api/useAnswer';
import { PlanAnswer } from './PlanAnswer';

const useStyles = makeStyles(theme => ({
  // A whole screen, so that its beginning can be led to before the rest of it is there.
  root: { minHeight: '90vh', marginBottom: theme.spacing(3) },
  title: {
    outline: 0,
    marginBottom: theme.spacing(1),
    scrollMarginTop: theme.spacing(3),
  },
}));

/** What came of the last press of the button. `isOld` says that the form holds something else by now. */
export const PlanResult = (props: {
  asked: PlanRequest;
  answer: Answer<Plan>;
  isOld: boolean;
  /** The errors are listed below the editor. */
  hasProblems: boolean;
}) => {
  const { asked, answer, isOld, hasProblems } = props;
  const classes = useStyles();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Whoever pressed the button is led to what it brings.
    title.current?.focus({ preventScroll: true });
    title.current?.scrollIntoView({ block: 'start' });
  }, [asked]);
  return (
    <Card className={classes.root}>
      <CardBody>
        <Typography
          ref={title}
          tabIndex={-1}
          variant="h5"
          component="h2"
          className={classes.title}
        >
          What would happen
        </Typography>
        {isOld && (
          <Typography color="textSecondary" paragraph role="status">
            {answer.value
              ? 'This is the plan of what was asked before. Show the plan again to see that of what stands above now.'
              : 'Show the plan again to see that of what stands above now.'}
          </Typography>
        )}
        {hasProblems && (
          <Typography>
            Nothing can be planned while there are errors in the document. They
            are listed below it.
          </Typography>
        )}
        {!hasProblems && !(isOld && answer.error) && (
          <PlanAnswer answer={answer} />
        )}
      </CardBody>
    </Card>
  );
};
