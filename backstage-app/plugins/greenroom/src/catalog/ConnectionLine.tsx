import { useApi } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { healthApiRef } from '../api/HealthApi';
import { useHealthState, useNow } from '../api/hooks';

const useStyles = makeStyles(theme => ({
  root: {
    ...theme.typography.caption,
    color: theme.palette.text.secondary,
    // One line from the start, so that what comes later moves nothing.
    minHeight: '1.7em',
    marginBottom: theme.spacing(1),
  },
}));

// Outside of the status, or a screen reader would count the seconds aloud.
const LastSeen = () => {
  const api = useApi(healthApiRef);
  const now = useNow(1000);
  const seconds = Math.round((now - (api.lastSeenAt() ?? now)) / 1000);
  return <span>, last seen {Math.max(0, seconds)} s ago</span>;
};

const WORDS = {
  connecting: 'Health: connecting',
  live: 'Health: live',
  reconnecting: 'Health: reconnecting',
};

/** Whether what the list shows is live, and if not, how old it is. */
export const ConnectionLine = () => {
  const classes = useStyles();
  const { connection, trouble } = useHealthState();
  return (
    <div className={classes.root} title={trouble}>
      <span role="status">{WORDS[connection]}</span>
      {connection === 'reconnecting' && <LastSeen />}
    </div>
  );
};
