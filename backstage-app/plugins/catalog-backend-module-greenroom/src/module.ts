import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { readRemovalLimits } from './guards';
import { LiveClient } from './live';
import { GreenroomEntityProvider } from './provider';

/** Feeds the catalog from Greenroom's plugin `live`. */
export const catalogModuleGreenroom = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'greenroom',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ auth, catalog, config, discovery, lifecycle, logger }) {
        const provider = new GreenroomEntityProvider(
          new LiveClient(auth, discovery),
          readRemovalLimits(config),
          logger,
        );
        catalog.addEntityProvider(provider);
        lifecycle.addShutdownHook(() => provider.stop());
      },
    });
  },
});
