import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import Tooltip from '@material-ui/core/Tooltip';
import { useHealth } from '../api/hooks';
import { judgementNow } from '../health/staleness';
import { VerdictLabel } from '../health/VerdictLabel';

/** The health of a row's entity, with the reason on hover. */
export const HealthCell = ({ entity }: { entity: Entity }) => {
  const { connection, stale, summary } = useHealth(stringifyEntityRef(entity));
  if (!summary) {
    return connection === 'connecting' ? (
      <VerdictLabel shown="Loading" />
    ) : (
      <Tooltip title="Greenroom watches no workload of this component.">
        <span>
          <VerdictLabel shown="Not watched" />
        </span>
      </Tooltip>
    );
  }
  const { status, message } = judgementNow(summary, stale);
  return (
    <Tooltip title={summary.simulated ? `${message} (simulated)` : message}>
      <span>
        <VerdictLabel shown={status} />
      </span>
    </Tooltip>
  );
};
