import { useCallback } from 'react';
import { Skeleton, VisuallyHidden } from '@backstage/ui';
import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import {
  EntityInfoCard,
  entityRouteParams,
  entityRouteRef,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { explain } from '@greenroom/client';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { DateTime } from 'luxon';
import { platformApiRef } from '../api/PlatformApi';
import type { ServiceDescription } from '../api/description';
import type { NextStep } from '../api/types';
import { useAnswer } from '../api/useAnswer';
import { NextSteps } from '../card/NextSteps';
import { repositoryOf } from '../plan/repository';
import { HoldingTable } from './HoldingTable';
import { ReleaseLine } from './ReleaseLine';
import { endingVersions } from './words';

const useStyles = makeStyles(theme => ({
  // Room for the release and some rows, so that little moves when they come.
  body: { minHeight: 170 },
  skeleton: { display: 'grid', gap: theme.spacing(1.5) },
}));

const Loading = () => {
  const classes = useStyles();
  return (
    <div className={classes.skeleton}>
      <VisuallyHidden role="status">Asking what it owns…</VisuallyHidden>
      {[1, 2, 3, 4].map(each => (
        <Skeleton key={each} width="100%" height={28} />
      ))}
    </div>
  );
};

/** Which release of the platform a service follows, and what it owns there. */
export const PlatformCard = () => {
  const classes = useStyles();
  const platform = useApi(platformApiRef);
  const { entity } = useEntity();
  const planPath = `${useRouteRef(entityRouteRef)?.(
    entityRouteParams(entity),
  )}/plan`;
  const repository = repositoryOf(entity)?.name;
  const ask = useCallback(
    (signal: AbortSignal) => platform.describe(repository!, signal),
    [platform, repository],
  );
  const { value, error } = useAnswer(repository ? ask : undefined);
  return (
    <EntityInfoCard title="Platform">
      <div className={classes.body}>
        {!repository && (
          <Typography color="textSecondary">
            This service comes from a folder, not from a repository, so the
            platform does not know what it owns.
          </Typography>
        )}
        {!!error && (
          <Typography role="alert" color="error">
            {explain(error)}
          </Typography>
        )}
        {repository && !value && !error && <Loading />}
        {value && (
          <>
            <ReleaseLine entity={entity} release={value.release} />
            {value.environments.some(each => each.owns.length > 0) ? (
              <HoldingTable environments={value.environments} />
            ) : (
              <Typography color="textSecondary">
                It owns no database, cache, bucket, queue, DNS name or
                certificate.
              </Typography>
            )}
            <NextSteps steps={stepsFor(value, planPath)} />
          </>
        )}
      </div>
    </EntityInfoCard>
  );
};

function stepsFor(
  { release, environments, service }: ServiceDescription,
  planPath: string,
): NextStep[] {
  const steps: NextStep[] = [];
  const unwell = environments
    .flatMap(each => each.owns)
    .some(each => each.status === 'Missing' || each.status === 'Degraded');
  if (unwell) {
    steps.push({ title: 'See what applying it would do', url: planPath });
  }
  if (release.newer.length > 0) {
    steps.push({
      title: `Move ${service} to release ${release.newest}`,
      command: `greenroom service upgrade ${service}`,
    });
  }
  return [
    ...steps,
    ...endingVersions(environments, DateTime.now()).map(title => ({ title })),
  ];
}
