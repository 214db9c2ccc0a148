import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ContainerHealth, PodHealth, WorkloadHealth } from '../api/types';
import { Since } from '../health/Since';
import { VerdictLabel } from '../health/VerdictLabel';

const useStyles = makeStyles(theme => ({
  list: {
    listStyle: 'none',
    margin: 0,
    padding: theme.spacing(1, 0, 1, 4),
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 2),
    paddingBottom: theme.spacing(0.5),
  },
  quiet: { color: theme.palette.text.secondary },
}));

const Pod = ({ pod }: { pod: PodHealth }) => {
  const classes = useStyles();
  return (
    <li>
      <div className={classes.line}>
        <VerdictLabel shown={pod.status} />
        <span>{pod.name}</span>
        <span className={classes.quiet}>{pod.message}</span>
        <span className={classes.quiet}>
          <Since moment={pod.since} />
        </span>
      </div>
      {pod.containers.map(container => (
        <Typography
          key={container.name}
          variant="caption"
          component="div"
          className={classes.quiet}
        >
          {sentenceOf(container)}
        </Typography>
      ))}
    </li>
  );
};

/** Each workload with its pods, and each pod with its containers. */
export const Workloads = (props: { workloads: WorkloadHealth[] }) => {
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {props.workloads.map(workload => (
        <li key={`${workload.kind}/${workload.namespace}/${workload.name}`}>
          <div className={classes.line}>
            <VerdictLabel shown={workload.status} />
            <strong>
              {workload.kind} {workload.namespace}/{workload.name}
            </strong>
            <span>
              {workload.ready} of {workload.desired} ready
            </span>
            <span className={classes.quiet}>{workload.message}</span>
          </div>
          <ul className={classes.list}>
            {workload.pods.map(pod => (
              <Pod key={pod.name} pod={pod} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
};

function sentenceOf(container: ContainerHealth): string {
  const { name, state, reason, restarts } = container;
  const times = restarts === 1 ? '1 restart' : `${restarts} restarts`;
  return `container ${name}: ${state}${reason ? ` (${reason})` : ''}, ${times}`;
}
