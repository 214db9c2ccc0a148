import { Container, Header } from '@backstage/ui';
import { useClusters } from '../api/hooks';
import { Clusters } from './Clusters';
import { HealthList } from './HealthList';

/** Every service of the platform, the worst first, below the clusters that tell of them. */
export const HealthPage = () => {
  const clusters = useClusters();
  // How many lines the clusters take is not known before; services that came first would be pushed down.
  const isPlaced = clusters.value !== undefined || clusters.error !== undefined;
  return (
    <>
      <Header
        title="Health"
        description="Every service, the worst first, as the clusters tell it."
      />
      <Container>
        <Clusters answer={clusters} />
        {isPlaced && (
          <HealthList empty="No service has health to show: none is deployed to a cluster that Greenroom watches." />
        )}
      </Container>
    </>
  );
};
