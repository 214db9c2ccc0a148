import { DateTime } from 'luxon';
import { useNow } from '../api/hooks';

/** Nobody reads a minute off a page that is half a minute late. */
const RENEWAL_MS = 30_000;

/** How long ago, with the moment itself on hover. */
export const Since = ({ moment }: { moment: string | null }) => {
  const now = useNow(RENEWAL_MS);
  if (!moment) {
    return <span aria-label="not known">–</span>;
  }
  const time = DateTime.fromISO(moment);
  return (
    <time
      dateTime={moment}
      title={time.toLocaleString(DateTime.DATETIME_FULL_WITH_SECONDS)}
    >
      {relative(time, DateTime.fromMillis(now))}
    </time>
  );
};

function relative(time: DateTime, now: DateTime): string {
  // Clocks differ by seconds; nothing has been so since the future.
  const seconds = now.diff(time).as('seconds');
  return seconds < 60
    ? 'just now'
    : time.toRelative({ base: now, locale: 'en' }) ?? '';
}
