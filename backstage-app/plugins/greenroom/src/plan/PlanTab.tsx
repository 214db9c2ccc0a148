import { useCallback } from 'react';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Button, Card, CardBody } from '@backstage/ui';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { platformApiRef } from '../api/PlatformApi';
import { useAnswer } from '../api/useAnswer';
import { Since } from '../health/Since';
import { PlanAnswer } from './PlanAnswer';
import { repositoryOf } from './repository';

const useStyles = makeStyles(theme => ({
  root: { minHeight: 360 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 2),
    marginBottom: theme.spacing(2),
  },
}));

/** What applying the document in a service's repository would do: everything that has drifted from it. */
export const PlanTab = () => {
  const classes = useStyles();
  const platform = useApi(platformApiRef);
  const repository = repositoryOf(useEntity().entity);
  const name = repository?.name;
  const ask = useCallback(
    (signal: AbortSignal) => platform.plan({ repository: name! }, signal),
    [platform, name],
  );
  const answer = useAnswer(name ? ask : undefined);
  if (!repository) {
    return (
      <Card className={classes.root}>
        <CardBody>
          <Typography>
            This service comes from a folder, not from a repository. Paste its
            document on the page <Link to="/plan">Plan</Link>.
          </Typography>
        </CardBody>
      </Card>
    );
  }
  return (
    <Card className={classes.root}>
      <CardBody>
        <div className={classes.head}>
          <div>
            <Typography variant="h5" component="h2">
              Plan
            </Typography>
            <Typography color="textSecondary">
              What applying the document in{' '}
              <Link to={repository.url}>the repository</Link> would do.{' '}
              {answer.at ? (
                <>
                  Made <Since moment={answer.at} />.
                </>
              ) : (
                'Being made.'
              )}
            </Typography>
          </div>
          <Button
            variant="secondary"
            isPending={answer.asking}
            onPress={answer.again}
          >
            Check again
          </Button>
        </div>
        <PlanAnswer answer={answer} />
      </CardBody>
    </Card>
  );
};
