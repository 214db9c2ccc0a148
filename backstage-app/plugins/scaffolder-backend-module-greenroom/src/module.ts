import { createBackendModule } from '@backstage/backend-plugin-api';

export const scaffolderModuleGreenroom = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'greenroom',
  register(registration) {
    registration.registerInit({ deps: {}, async init() {} });
  },
});
