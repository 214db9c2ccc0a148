import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Card, CardBody, Radio, RadioGroup } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { healthApiRef } from '../api/HealthApi';
import { useHealth, useHealthDetail } from '../api/hooks';
import { useAnswer } from '../api/useAnswer';
import { EnvironmentTable } from '../card/EnvironmentTable';
import { ConnectionLine } from '../catalog/ConnectionLine';
import { explain } from '@greenroom/client';
import { judgementNow } from '../health/staleness';
import { Events } from './Events';
import { Resources } from './Resources';
import { TimelineView } from './TimelineView';

const PERIODS = { '1': '24 hours', '7': '7 days', '30': '30 days' };

const useStyles = makeStyles(theme => ({
  card: { marginBottom: theme.spacing(3) },
  // So that nothing jumps while it loads.
  body: { minHeight: 120 },
}));

const Section = (props: { title: string; children: ReactNode }) => {
  const classes = useStyles();
  return (
    <Card className={classes.card}>
      <CardBody>
        <Typography variant="h5" component="h2" gutterBottom>
          {props.title}
        </Typography>
        <div className={classes.body}>{props.children}</div>
      </CardBody>
    </Card>
  );
};

const TimelineSection = ({ entityRef }: { entityRef: string }) => {
  const api = useApi(healthApiRef);
  const [days, setDays] = useState('7');
  const { summary } = useHealth(entityRef);
  const ask = useCallback(
    () => api.getTimeline(entityRef, Number(days)),
    [api, entityRef, days],
  );
  const { value, error, again } = useAnswer(ask);
  const status = summary?.environments
    .map(each => `${each.name} ${each.status}`)
    .join();
  // What became different since it was asked for belongs into the picture.
  useEffect(() => again(), [again, status]);
  return (
    <Section title="Timeline">
      <RadioGroup
        label="Over the last"
        orientation="horizontal"
        value={days}
        onChange={setDays}
      >
        {Object.entries(PERIODS).map(([each, words]) => (
          <Radio key={each} value={each}>
            {words}
          </Radio>
        ))}
      </RadioGroup>
      {error !== undefined && (
        <Typography role="alert" color="error">
          {explain(error)}
        </Typography>
      )}
      {value && <TimelineView timeline={value} />}
    </Section>
  );
};

/** How a component runs, everywhere: environments and clusters, what stands beside them, and how it was. */
export const RuntimeTab = () => {
  const entityRef = stringifyEntityRef(useEntity().entity);
  const { detail, error } = useHealthDetail(entityRef);
  const { stale } = useHealth(entityRef);
  const environments = (detail?.environments ?? []).map(each => ({
    ...judgementNow(each, stale),
    resources: each.resources.map(one => judgementNow(one, stale)),
  }));
  const concerns = environments.flatMap(each =>
    each.concerns.map(one => `${each.name}: ${one}`),
  );
  return (
    <>
      <ConnectionLine />
      {error && (
        <Typography role="alert" color="error" paragraph>
          {error}
        </Typography>
      )}
      <Section title="Environments">
        {detail === null ? (
          <Typography color="textSecondary">
            Greenroom watches no workload of this component.
          </Typography>
        ) : (
          <EnvironmentTable
            environments={environments}
            links={detail?.links ?? []}
          />
        )}
        {concerns.map(each => (
          <Typography key={each}>To look after: {each}</Typography>
        ))}
      </Section>
      {environments.some(each => each.resources.length > 0) && (
        <Section title="Beside the workloads">
          <Resources environments={environments} />
        </Section>
      )}
      {environments.some(each => each.events.length > 0) && (
        <Section title="Warnings of the last hour">
          <Events environments={environments} />
        </Section>
      )}
      <TimelineSection entityRef={entityRef} />
    </>
  );
};
