import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CheckIcon from '@material-ui/icons/CheckCircleOutline';
import type { Cost, Plan } from '../api/plan';
import { ChangeTable } from './ChangeTable';
import { Files } from './Files';
import { BlockedChanges, LostData, NotCompared } from './Findings';
import {
  costOf,
  isInStep,
  sectionsOf,
  summaryOf,
  type Section,
} from './sections';
import { Unchanged } from './Unchanged';

const useStyles = makeStyles(theme => ({
  summary: {
    ...theme.typography.h6,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    margin: 0,
  },
  tick: { color: '#1b9e4b' },
  section: { marginTop: theme.spacing(3) },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 2),
    marginBottom: theme.spacing(0.5),
  },
  quiet: { color: theme.palette.text.secondary },
}));

const Summary = ({ plan }: { plan: Plan }) => {
  const classes = useStyles();
  if (isInStep(plan)) {
    return (
      <>
        <CheckIcon className={classes.tick} aria-hidden="true" />
        Nothing to change
      </>
    );
  }
  return (
    <>
      {plan.hasChanges
        ? summaryOf(plan)
        : 'Nothing to change in what could be compared'}
    </>
  );
};

const Month = ({ cost }: { cost: Cost }) => (
  <Typography
    color="textSecondary"
    title={`Databases and caches, by the list prices of ${cost.date}. What is paid by use, such as traffic, is not counted.`}
  >
    {costOf(cost)}
  </Typography>
);

const Environment = ({ section }: { section: Section }) => {
  const classes = useStyles();
  const { changes, cost, environment, files, unchanged, unknown } = section;
  const title = environment || 'All environments';
  const isSame =
    changes.length === 0 && files.length === 0 && unknown.length === 0;
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        <Typography variant="h6" component="h3">
          {title}
        </Typography>
        {cost && <Month cost={cost} />}
      </div>
      <NotCompared where={title} reasons={unknown} />
      {changes.length > 0 && (
        <ChangeTable label={`Changes in ${title}`} changes={changes} />
      )}
      {isSame && (
        <Typography className={classes.quiet}>Nothing to change</Typography>
      )}
      <Files where={title} changes={files} />
      <Unchanged changes={unchanged} />
    </section>
  );
};

/** A plan: what cannot be done and what would be lost first, then what happens in each environment. */
export const PlanView = ({ plan }: { plan: Plan }) => {
  const classes = useStyles();
  return (
    <>
      <p role="status" className={classes.summary}>
        <Summary plan={plan} />
      </p>
      <BlockedChanges plan={plan} />
      <LostData plan={plan} />
      {sectionsOf(plan).map(section => (
        <Environment key={section.environment} section={section} />
      ))}
    </>
  );
};
