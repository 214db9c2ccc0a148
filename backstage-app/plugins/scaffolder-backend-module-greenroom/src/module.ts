import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { toTemplateAction } from './action';
import { loadActions } from './manifest';
import { PlatformClient } from './platform';

/** Offers the runs of Greenroom's plugin `platform` as scaffolder actions. */
export const scaffolderModuleGreenroom = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'greenroom',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scaffolder: scaffolderActionsExtensionPoint,
      },
      async init({ auth, config, discovery, logger, scaffolder }) {
        const platform = new PlatformClient(
          await discovery.getBaseUrl('platform'),
          async () => {
            const { token } = await auth.getPluginRequestToken({
              onBehalfOf: await auth.getOwnServiceCredentials(),
              targetPluginId: 'platform',
            });
            return token;
          },
        );
        const actions = await loadActions({
          ask: () => platform.actions(),
          file: config.getOptionalString('scaffolder.greenroom.actionsFile'),
          logger,
        });
        scaffolder.addActions(
          ...actions.map(each => toTemplateAction(each, { auth, discovery })),
        );
        logger.info(`Greenroom offers ${actions.length} actions`);
      },
    });
  },
});
