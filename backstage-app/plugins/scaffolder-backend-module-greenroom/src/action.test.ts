import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { JsonObject, JsonValue } from '@backstage/types';
import { toTemplateAction } from './action';
import type { ActionDescription } from './platform';
import { PlatformServer, until } from './testing/PlatformServer';
import { packWorkspace } from './workspace';

const render: ActionDescription = {
  id: 'greenroom:golden-path:render',
  title: 'Render a golden path',
  schema: { input: { type: 'object' }, output: { type: 'object' } },
  supportsDryRun: true,
  workspace: 'write',
};

describe('toTemplateAction', () => {
  const server = new PlatformServer();
  const logger = mockServices.logger.mock();
  let base: string;
  let folder: string;
  let checkpoints: Map<string, JsonValue | void>;

  beforeAll(async () => {
    base = await server.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    jest.clearAllMocks();
    server.runs.clear();
    server.workspaces.clear();
    server.authorizations.clear();
    server.onRun = () => {};
    checkpoints = new Map();
    folder = await mkdtemp(join(tmpdir(), 'action-'));
    await mkdir(join(folder, 'workspace'));
    await writeFile(join(folder, 'workspace', 'before.txt'), 'before');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const context = (
    options: Partial<ActionContext<JsonObject>> = {},
  ): ActionContext<JsonObject> => ({
    ...createMockActionContext<JsonObject>(),
    task: { id: 'c0ffee00-0000-4000-8000-000000000001' },
    step: { id: 'render', name: 'Render' },
    input: { goldenPath: 'python-service' },
    user: { ref: 'user:default/guest' },
    workspacePath: join(folder, 'workspace'),
    logger,
    createTemporaryDirectory: () => mkdtemp(join(folder, 'temporary-')),
    getInitiatorCredentials: async () =>
      mockCredentials.user('user:default/guest'),
    async checkpoint({ key, fn }) {
      if (!checkpoints.has(key)) {
        checkpoints.set(key, await fn());
      }
      return checkpoints.get(key) as never;
    },
    ...options,
  });

  const call = (
    options?: Partial<ActionContext<JsonObject>>,
    description = render,
  ) => {
    const action = toTemplateAction(description, {
      auth: mockServices.auth(),
      discovery: mockServices.discovery.mock({ getBaseUrl: async () => base }),
    });
    const actionContext = context(options);
    return { done: action.handler(actionContext), context: actionContext };
  };
  const onlyRun = () => [...server.runs.keys()][0];

  it('keeps what the manifest says', () => {
    const { handler, ...action } = toTemplateAction(render, {
      auth: mockServices.auth(),
      discovery: mockServices.discovery(),
    });

    expect(action).toEqual({
      id: render.id,
      description: render.title,
      examples: undefined,
      schema: render.schema,
      supportsDryRun: true,
    });
  });

  it('runs: workspace up, log lines, outputs, workspace down', async () => {
    await mkdir(join(folder, 'result'));
    await writeFile(join(folder, 'result', 'service.yaml'), 'kind: Service');
    const result = await packWorkspace(join(folder, 'result'));
    server.onRun = id => {
      server.workspaces.set(result.digest, result.archive);
      server.log(id, 'Rendering');
      server.log(id, 'No owner given', 'warn');
      server.finish(id, {
        outputs: { name: 'order-api' },
        workspace: result.digest,
      });
    };

    const { done, context: given } = call();
    await done;

    const { request } = server.runs.get(onlyRun())!;
    expect(request).toEqual({
      action: 'greenroom:golden-path:render',
      input: { goldenPath: 'python-service' },
      workspace: expect.stringMatching(/^[0-9a-f]{64}$/),
      dryRun: false,
      user: 'user:default/guest',
    });
    expect(server.workspaces.has(request.workspace!)).toBe(true);
    expect(logger.info).toHaveBeenCalledWith('Rendering');
    expect(logger.warn).toHaveBeenCalledWith('No owner given');
    expect(given.output).toHaveBeenCalledWith('name', 'order-api');
    expect(await readdir(join(folder, 'workspace'))).toEqual(['service.yaml']);
  });

  it('asks on behalf of who started the task', async () => {
    server.onRun = id => server.finish(id, {});

    await call().done;

    expect([...server.authorizations].join()).toContain(
      '"obo":"user:default/guest"',
    );
  });

  it('leaves the workspace at home where the action needs none', async () => {
    server.onRun = id => server.finish(id, {});

    await call({}, { ...render, workspace: 'none' }).done;

    expect(server.runs.get(onlyRun())!.request.workspace).toBeNull();
    expect(server.workspaces.size).toBe(0);
  });

  it('passes a dry run on', async () => {
    server.onRun = id => server.finish(id, {});

    await call({ isDryRun: true }).done;

    expect(server.runs.get(onlyRun())!.request.dryRun).toBe(true);
  });

  it('fails with the message and the remedy of the run', async () => {
    server.onRun = id =>
      server.finish(id, {
        status: 'failed',
        error: {
          name: 'ConflictError',
          message: 'commerce/x exists.',
          remedy: 'Choose another name.',
        },
      });

    await expect(call().done).rejects.toMatchObject({
      name: 'ConflictError',
      message: 'commerce/x exists. Choose another name.',
    });
  });

  it('resumes the log where a lost connection cut it', async () => {
    const { done } = call();
    await until(() => server.runs.size === 1);
    await until(() => server.runs.get(onlyRun())!.watchers.size === 1);
    server.log(onlyRun(), 'first');
    await until(() => logger.info.mock.calls.length === 1);

    server.cutStreams();
    server.log(onlyRun(), 'second');
    server.finish(onlyRun(), {});
    await done;

    expect(logger.info.mock.calls).toEqual([['first'], ['second']]);
  });

  it('attaches to the run that is under way after a recovery', async () => {
    void call();
    await until(() => server.runs.size === 1);
    await writeFile(join(folder, 'workspace', 'other.txt'), 'laid out anew');

    const { done } = call();
    server.finish(onlyRun(), {});
    await done;

    expect(server.runs.size).toBe(1);
    expect(server.workspaces.size).toBe(1);
  });

  it('starts another run when a failed step is retried', async () => {
    server.onRun = id =>
      server.finish(id, {
        status: 'failed',
        error: { name: 'E', message: 'no' },
      });
    await expect(call().done).rejects.toThrow('no');
    server.onRun = id => server.finish(id, {});

    await call().done;

    const [first, second] = [...server.runs.keys()];
    expect(second).toBe(`${first}-2`);
  });

  it('cancels the run with its task', async () => {
    const controller = new AbortController();
    const { done } = call({ signal: controller.signal });
    await until(() => server.runs.size === 1);
    await until(() => server.runs.get(onlyRun())!.watchers.size === 1);

    controller.abort();

    await expect(done).rejects.toThrow('was cancelled with its task');
    expect(server.runs.get(onlyRun())!.run.status).toBe('cancelled');
  });

  it('waits for a Greenroom that restarts', async () => {
    server.failNext = { status: 503, body: { detail: 'Starting' } };
    server.onRun = id => server.finish(id, {});

    await call().done;

    expect(logger.warn).toHaveBeenCalledWith('Starting.');
  });

  it('gives up at once when Greenroom refuses', async () => {
    server.failNext = {
      status: 400,
      body: {
        detail: 'The workspace has a link.',
        error: { name: 'InputError' },
      },
    };

    await expect(call().done).rejects.toThrow('The workspace has a link.');
    expect(server.runs.size).toBe(0);
  });
});
