import { Content } from '@backstage/core-components';
import {
  createFrontendModule,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';

/** Where people choose what they want to be notified of. */
const notificationSettings = SubPageBlueprint.make({
  attachTo: { id: 'page:user-settings', input: 'pages' },
  name: 'notifications',
  params: {
    path: 'notifications',
    title: 'Notifications',
    loader: async () => {
      const { UserNotificationSettingsCard } = await import(
        '@backstage/plugin-notifications'
      );
      return (
        <Content>
          <UserNotificationSettingsCard
            originNames={{ 'external:greenroom': 'Greenroom' }}
          />
        </Content>
      );
    },
  },
});

export const notificationSettingsModule = createFrontendModule({
  pluginId: 'user-settings',
  extensions: [notificationSettings],
});
