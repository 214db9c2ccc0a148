import { createBackendModule } from '@backstage/backend-plugin-api';

export const catalogModuleGreenroom = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'greenroom',
  register(registration) {
    registration.registerInit({ deps: {}, async init() {} });
  },
});
