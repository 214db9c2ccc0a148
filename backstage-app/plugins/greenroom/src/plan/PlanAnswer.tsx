import { explain, ProblemError } from '@greenroom/client';
import Typography from '@material-ui/core/Typography';
import type { Plan } from '../api/plan';
import type { Answer } from '../api/useAnswer';
import { PlanSkeleton } from './PlanSkeleton';
import { PlanView } from './PlanView';
import { ProblemList } from './ProblemList';

const Failure = (props: {
  error: unknown;
  onJump?: (line: number, column: number) => void;
}) => {
  const { error, onJump } = props;
  if (error instanceof ProblemError && error.problems.length > 0) {
    return <ProblemList problems={error.problems} onJump={onJump} />;
  }
  return (
    <Typography role="alert" color="error" paragraph>
      There is no plan. {explain(error)}
    </Typography>
  );
};

/** What there is of a plan: itself, its outline while it is made, or why there is none. */
export const PlanAnswer = (props: {
  answer: Answer<Plan>;
  /** Shows where a document is wrong; without it the places are only named. */
  onJump?: (line: number, column: number) => void;
}) => {
  const { asking, error, value } = props.answer;
  return (
    <>
      {!!error && <Failure error={error} onJump={props.onJump} />}
      {value && <PlanView plan={value} />}
      {asking && !value && !error && <PlanSkeleton />}
    </>
  );
};
