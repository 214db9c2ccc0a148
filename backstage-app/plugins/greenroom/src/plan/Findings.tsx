import { Alert } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import type { Change, Plan } from '../api/plan';
import { keyOf, placeOf } from './sections';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(2) },
  list: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

function whatOf(change: Change): string {
  const where = change.environment ? `${change.environment}: ` : '';
  return `${where}${change.kind} ${change.name}`;
}

/** What cannot be done, why, and what to do about it. */
export const BlockedChanges = ({ plan }: { plan: Plan }) => {
  const classes = useStyles();
  const blocked = plan.changes.filter(each => each.blocked);
  if (blocked.length === 0) {
    return null;
  }
  return (
    <section className={classes.root} aria-label="Cannot be done">
      <Alert
        status="danger"
        icon
        title={
          blocked.length === 1
            ? '1 change cannot be done'
            : `${blocked.length} changes cannot be done`
        }
        description={
          <ul className={classes.list}>
            {blocked.map(change => (
              <li key={keyOf(change)}>
                <strong>{whatOf(change)}</strong>: {change.blocked}
              </li>
            ))}
          </ul>
        }
      />
    </section>
  );
};

/** Whose data would be lost, and what applying asks for before it does that. */
export const LostData = ({ plan }: { plan: Plan }) => {
  const classes = useStyles();
  const lost = plan.changes.filter(each => each.needsConfirmation);
  if (lost.length === 0) {
    return null;
  }
  return (
    <section className={classes.root} aria-label="Data would be lost">
      <Alert
        status="warning"
        icon
        title="Data would be lost"
        description={
          <>
            <ul className={classes.list}>
              {lost.map(change => (
                <li key={keyOf(change)}>
                  <strong>{whatOf(change)}</strong> in {placeOf(change)}{' '}
                  {change.verb === 'replace'
                    ? 'is replaced by an empty one.'
                    : 'is deleted.'}
                </li>
              ))}
            </ul>
            Applying takes a snapshot first, and only begins when the name of
            the service is typed: <code>{plan.service}</code>
          </>
        }
      />
    </section>
  );
};

/** What could not be compared in one environment. */
export const NotCompared = (props: { where: string; reasons: string[] }) => {
  const classes = useStyles();
  if (props.reasons.length === 0) {
    return null;
  }
  return (
    <section
      className={classes.root}
      aria-label={`Not compared in ${props.where}`}
    >
      {props.reasons.map(reason => (
        <Alert
          key={reason}
          status="warning"
          icon
          title={`Unknown: ${reason}`}
          description="What would happen there is not known, and may be more than what is shown here."
        />
      ))}
    </section>
  );
};
