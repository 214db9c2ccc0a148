import { createApp } from '@backstage/frontend-defaults';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import greenroomPlugin, {
  catalogHealthModule,
} from '@greenroom/plugin-greenroom';
import { navigationModule } from './navigation/Navigation';
import { notificationSettingsModule } from './notificationSettings';
import { signInModule } from './signIn';

export default createApp({
  features: [
    catalogPlugin,
    catalogHealthModule,
    greenroomPlugin,
    navigationModule,
    notificationSettingsModule,
    signInModule,
  ],
});
