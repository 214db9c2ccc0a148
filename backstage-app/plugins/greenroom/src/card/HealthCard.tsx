import { stringifyEntityRef } from '@backstage/catalog-model';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import Chip from '@material-ui/core/Chip';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useHealth, useHealthDetail } from '../api/hooks';
import type { HealthDetail } from '../api/types';
import { judgementNow } from '../health/staleness';
import { DocumentProblems } from './DocumentProblems';
import { EnvironmentTable } from './EnvironmentTable';
import { NextSteps } from './NextSteps';

const useStyles = makeStyles(theme => ({
  // Room for two environments, so that loading moves little.
  body: { minHeight: 150 },
  chip: { marginLeft: theme.spacing(1), marginBottom: 0 },
}));

const Body = (props: {
  detail: HealthDetail | null | undefined;
  failed: boolean;
  stale: boolean;
}) => {
  const { detail, failed, stale } = props;
  if (detail === undefined) {
    return failed ? null : (
      <Typography color="textSecondary" role="status">
        Asking the clusters…
      </Typography>
    );
  }
  if (detail === null) {
    return (
      <Typography color="textSecondary">
        Greenroom watches no workload of this component. Label its objects
        <code> backstage.io/kubernetes-id</code> with its name to see them here.
      </Typography>
    );
  }
  return (
    <>
      <EnvironmentTable
        environments={detail.environments.map(each =>
          judgementNow(each, stale),
        )}
        links={detail.links}
      />
      <NextSteps steps={detail.next} />
      {detail.document && <DocumentProblems document={detail.document} />}
    </>
  );
};

/** How a component fares in each environment, why, and what to do about it. */
export const HealthCard = () => {
  const classes = useStyles();
  const entityRef = stringifyEntityRef(useEntity().entity);
  const { detail, error } = useHealthDetail(entityRef);
  const { stale } = useHealth(entityRef);
  return (
    <EntityInfoCard
      title={
        <>
          Health
          {detail?.simulated && (
            <Chip className={classes.chip} size="small" label="simulated" />
          )}
        </>
      }
    >
      <div className={classes.body}>
        {error && (
          <Typography role="alert" color="error" paragraph>
            {error}
          </Typography>
        )}
        <Body detail={detail} failed={!!error} stale={stale} />
      </div>
    </EntityInfoCard>
  );
};
