import { makeStyles } from '@material-ui/core/styles';
import type { ClusterEvent, EnvironmentHealth } from '../api/types';
import { Since } from '../health/Since';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    padding: theme.spacing(0.25, 0),
  },
  quiet: { color: theme.palette.text.secondary },
  moment: { minWidth: '8em', color: theme.palette.text.secondary },
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
    <ul className={classes.list} aria-label="Warnings">
      {events.map(({ environment, event }) => (
        <li
          key={`${environment.cluster}/${event.kind}/${event.namespace}/${event.name}/${event.reason}/${event.message}`}
          className={classes.line}
        >
          <span className={classes.moment}>
            <Since moment={event.at} />
            {timesOf(event)}
          </span>
          <span>{event.message}</span>
          <span className={classes.quiet}>
            {environment.name}, {event.kind} {event.namespace}/{event.name}
          </span>
        </li>
      ))}
    </ul>
  );
};
