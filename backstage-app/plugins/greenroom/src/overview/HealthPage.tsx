import { Container, Header } from '@backstage/ui';
import { HealthList } from './HealthList';

/** Every service of the platform, the worst first. */
export const HealthPage = () => (
  <>
    <Header
      title="Health"
      description="Every service, the worst first, as the clusters tell it."
    />
    <Container>
      <HealthList empty="No service has health to show: none is deployed to a cluster that Greenroom watches." />
    </Container>
  </>
);
