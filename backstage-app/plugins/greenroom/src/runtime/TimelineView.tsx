import { makeStyles, useTheme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { EnvironmentTimeline, Timeline } from '../api/types';
import { Since } from '../health/Since';
import { colourOf, VerdictLabel } from '../health/VerdictLabel';
import { Moment, Moments } from './Moments';
import { periodsOf, shareInWords } from './periods';

/** Transitions that are listed; the bar shows all of them. */
const MOST_LISTED = 20;

const useStyles = makeStyles(theme => ({
  environment: { marginBottom: theme.spacing(3) },
  head: { display: 'flex', gap: theme.spacing(2), alignItems: 'baseline' },
  bar: {
    position: 'relative',
    height: 18,
    margin: theme.spacing(1, 0),
    borderRadius: 3,
    overflow: 'hidden',
    // What nobody saw is neither well nor unwell.
    background: `repeating-linear-gradient(135deg, ${theme.palette.divider} 0 4px, transparent 4px 8px)`,
  },
  period: { position: 'absolute', top: 0, bottom: 0, minWidth: 2 },
}));

const Environment = (props: {
  timeline: EnvironmentTimeline;
  from: string;
  until: string;
}) => {
  const { timeline, from, until } = props;
  const classes = useStyles();
  const theme = useTheme();
  const place =
    timeline.cluster === timeline.name ? '' : ` on ${timeline.cluster}`;
  return (
    <section className={classes.environment}>
      <div className={classes.head}>
        <Typography variant="subtitle1" component="h3">
          {timeline.name}
          {place}
        </Typography>
        <Typography color="textSecondary">
          {shareInWords(timeline.healthy)}
        </Typography>
      </div>
      <div className={classes.bar} aria-hidden="true">
        {periodsOf(timeline, from, until).map(each => (
          <span
            key={`${each.from} ${each.status}`}
            className={classes.period}
            title={`${each.status}: ${each.message}`}
            style={{
              left: `${each.left * 100}%`,
              width: `${each.width * 100}%`,
              background: colourOf(each.status, theme),
            }}
          />
        ))}
      </div>
      <Moments label={`Transitions in ${timeline.name}`}>
        {[...timeline.transitions]
          .reverse()
          .slice(0, MOST_LISTED)
          .map(each => (
            <Moment
              key={`${each.at} ${each.status}`}
              at={<Since moment={each.at} />}
            >
              <VerdictLabel shown={each.status} />
              <span>{each.message}</span>
            </Moment>
          ))}
      </Moments>
    </section>
  );
};

/** How a service was in each environment: a bar, the share of time in which it was healthy, and each transition. */
export const TimelineView = ({ timeline }: { timeline: Timeline }) => (
  <>
    {timeline.environments.length === 0 && (
      <Typography color="textSecondary">
        Nothing is known of this time.
      </Typography>
    )}
    {timeline.environments.map(each => (
      <Environment
        key={`${each.name}/${each.cluster}`}
        timeline={each}
        from={timeline.from}
        until={timeline.until}
      />
    ))}
  </>
);
