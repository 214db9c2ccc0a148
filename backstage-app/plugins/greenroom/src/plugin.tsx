import {
  ApiBlueprint,
  createFrontendPlugin,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  CatalogFilterBlueprint,
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';
import HealthIcon from '@material-ui/icons/Favorite';
import PlanIcon from '@material-ui/icons/PlaylistAddCheck';
import { healthApiRef } from './api/HealthApi';
import { HealthClient } from './api/HealthClient';
import { platformApiRef } from './api/PlatformApi';
import { PlatformClient } from './api/PlatformClient';
import { ENVIRONMENTS } from './plan/repository';

const healthApi = ApiBlueprint.make({
  name: 'health',
  params: defineParams =>
    defineParams({
      api: healthApiRef,
      deps: { discovery: discoveryApiRef, fetch: fetchApiRef },
      factory: ({ discovery, fetch }) => new HealthClient(discovery, fetch),
    }),
});

const platformApi = ApiBlueprint.make({
  name: 'platform',
  params: defineParams =>
    defineParams({
      api: platformApiRef,
      deps: { discovery: discoveryApiRef, fetch: fetchApiRef },
      factory: ({ discovery, fetch }) => new PlatformClient(discovery, fetch),
    }),
});

/** Only what has a service document can be planned. */
const HAS_DOCUMENT = {
  kind: 'component',
  [`metadata.annotations.${ENVIRONMENTS}`]: { $exists: true },
};

/** Where plans are made; the navigation leads to pages with a route alone. */
const planRouteRef = createRouteRef();

const planPage = PageBlueprint.make({
  name: 'plan',
  params: {
    path: '/plan',
    title: 'Plan',
    routeRef: planRouteRef,
    icon: <PlanIcon fontSize="inherit" />,
    loader: async () => {
      const { PlanPage } = await import('./plan/PlanPage');
      return <PlanPage />;
    },
  },
});

/** Where every service is, the worst first. */
const healthRouteRef = createRouteRef();

const healthPage = PageBlueprint.make({
  name: 'health',
  params: {
    path: '/health',
    title: 'Health',
    routeRef: healthRouteRef,
    icon: <HealthIcon fontSize="inherit" />,
    loader: async () => {
      const { HealthPage } = await import('./overview/HealthPage');
      return <HealthPage />;
    },
  },
});

const runtimeTab = EntityContentBlueprint.make({
  name: 'runtime',
  params: {
    path: '/runtime',
    title: 'Runtime',
    group: 'observability',
    filter: { kind: 'component' },
    loader: async () => {
      const { RuntimeTab } = await import('./runtime/RuntimeTab');
      return <RuntimeTab />;
    },
  },
});

const teamTab = EntityContentBlueprint.make({
  name: 'team-health',
  params: {
    path: '/health',
    title: 'Health',
    filter: { kind: 'group' },
    loader: async () => {
      const { TeamHealth } = await import('./overview/TeamHealth');
      return <TeamHealth />;
    },
  },
});

const planTab = EntityContentBlueprint.make({
  name: 'plan',
  params: {
    path: '/plan',
    title: 'Plan',
    group: 'deployment',
    filter: HAS_DOCUMENT,
    loader: async () => {
      const { PlanTab } = await import('./plan/PlanTab');
      return <PlanTab />;
    },
  },
});

const planPreview = FormFieldBlueprint.make({
  name: 'plan-preview',
  params: {
    field: async () => {
      const { PlanPreview } = await import('./create/PlanPreview');
      return createFormField({
        // What Greenroom's Templates name it.
        name: 'GreenroomPlanPreview',
        component: PlanPreview,
      });
    },
  },
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

const platformCard = EntityCardBlueprint.make({
  name: 'platform',
  params: {
    type: 'content',
    filter: HAS_DOCUMENT,
    loader: async () => {
      const { PlatformCard } = await import('./platform/PlatformCard');
      return <PlatformCard />;
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
  routes: { plan: planRouteRef, health: healthRouteRef },
  extensions: [
    healthApi,
    platformApi,
    healthPage,
    runtimeTab,
    teamTab,
    planPage,
    planTab,
    planPreview,
    healthCard,
    platformCard,
    healthFilter,
  ],
});
