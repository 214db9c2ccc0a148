import { createFrontendModule } from '@backstage/frontend-plugin-api';

export const catalogHealthModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [],
});
