import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import type {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import { PlatformClient, type ActionDescription } from './platform';
import { RunFailedError, StepRun } from './run';
import { replaceWorkspace } from './workspace';

/** The scaffolder action of a run action of `platform`: each call of it is one durable run there. */
export function toTemplateAction(
  description: ActionDescription,
  services: { auth: AuthService; discovery: DiscoveryService },
): TemplateAction {
  return {
    id: description.id,
    description: description.description ?? description.title,
    examples: description.examples,
    schema: description.schema,
    supportsDryRun: description.supportsDryRun,
    handler: async context => {
      const platform = await connect(context, services);
      const run = await new StepRun(description, platform, context).complete();
      if (run.status !== 'succeeded') {
        throw new RunFailedError(run);
      }
      if (description.workspace === 'write' && run.workspace) {
        await replaceWorkspace(
          context.workspacePath,
          await context.createTemporaryDirectory(),
          {
            digest: run.workspace,
            archive: await platform.getWorkspace(run.workspace),
          },
        );
      }
      Object.entries(run.outputs ?? {}).forEach(([name, value]) => {
        if (value !== undefined) {
          context.output(name, value);
        }
      });
    },
  };
}

async function connect(
  context: ActionContext<JsonObject>,
  { auth, discovery }: { auth: AuthService; discovery: DiscoveryService },
): Promise<PlatformClient> {
  return new PlatformClient(
    await discovery.getBaseUrl('platform'),
    async () => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await context.getInitiatorCredentials(),
        targetPluginId: 'platform',
      });
      return token;
    },
  );
}
