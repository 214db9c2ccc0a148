import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  CatalogFilterBlueprint,
  EntityCardBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { healthApiRef } from './api/HealthApi';
import { HealthClient } from './api/HealthClient';

const healthApi = ApiBlueprint.make({
  name: 'health',
  params: defineParams =>
    defineParams({
      api: healthApiRef,
      deps: { discovery: discoveryApiRef, fetch: fetchApiRef },
      factory: ({ discovery, fetch }) => new HealthClient(discovery, fetch),
    }),
});

const healthCard = EntityCardBlueprint.make({
  name: 'health',
  params: {
    type: 'content',
    filter: { kind: 'component' },
    loader: async () => {
      const { HealthCard } = await import('./card/HealthCard');
      return <HealthCard />;
    },
  },
});

const healthFilter = CatalogFilterBlueprint.make({
  name: 'health',
  params: {
    loader: async () => {
      const { HealthPicker } = await import('./catalog/HealthPicker');
      return <HealthPicker />;
    },
  },
});

/** What Greenroom adds to the portal's pages. */
export const greenroomPlugin = createFrontendPlugin({
  pluginId: 'greenroom',
  extensions: [healthApi, healthCard, healthFilter],
});
