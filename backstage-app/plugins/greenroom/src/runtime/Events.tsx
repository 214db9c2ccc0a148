import { makeStyles } from '@material-ui/core/styles';
import type { ClusterEvent, EnvironmentHealth } from '../api/types';
import { Since } from '../health/Since';
import { Moment, Moments } from './Moments';

const useStyles = makeStyles(theme => ({
  quiet: { color: theme.palette.text.secondary },
}));

const timesOf = ({ count }: ClusterEvent) =>
  count > 1 ? `, ${count} times` : '';

/** What clusters warned of in the last hour, the latest first. */
export const Events = (props: { environments: EnvironmentHealth[] }) => {
  const classes = useStyles();
  const events = props.environments
    .flatMap(environment =>
      environment.events.map(event => ({ environment, event })),
    )
    .sort((one, other) =>
      (other.event.at ?? '').localeCompare(one.event.at ?? ''),
    );
  return (
    <Moments label="Warnings">
      {events.map(({ environment, event }) => (
        <Moment
          key={`${environment.name}/${environment.cluster}/${event.kind}/${event.namespace}/${event.name}/${event.reason}/${event.message}`}
          at={
            <>
              <Since moment={event.at} />
              {timesOf(event)}
            </>
          }
        >
          <span>{event.message}</span>
          <span className={classes.quiet}>
            {environment.name}, {event.kind} {event.namespace}/{event.name}
          </span>
        </Moment>
      ))}
    </Moments>
  );
};
