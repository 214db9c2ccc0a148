import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ProblemError } from '@greenroom/client';
import { loadActions } from './manifest';
import type { ActionDescription } from './platform';

const actions: ActionDescription[] = [
  {
    id: 'greenroom:catalog:register',
    schema: { input: {}, output: {} },
    supportsDryRun: false,
    workspace: 'none',
  },
];

describe('loadActions', () => {
  const logger = mockServices.logger.mock();
  let folder: string;
  let file: string;
  const unreachable = async () => {
    throw new ProblemError('Starting', 503, undefined, 'Wait.');
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'actions-'));
    file = join(folder, 'kept', 'actions.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('asks until Greenroom answers', async () => {
    const ask = jest
      .fn<Promise<ActionDescription[]>, []>()
      .mockImplementationOnce(unreachable)
      .mockResolvedValue(actions);

    expect(await loadActions({ ask, logger })).toEqual(actions);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('gives Greenroom time to learn the key of a restarted portal', async () => {
    const ask = jest
      .fn<Promise<ActionDescription[]>, []>()
      .mockRejectedValueOnce(new ProblemError('Unknown key', 401))
      .mockResolvedValue(actions);

    expect(await loadActions({ ask, logger })).toEqual(actions);
  });

  it('falls back to the copy of the last start', async () => {
    await loadActions({ ask: async () => actions, file, logger });

    expect(
      await loadActions({ ask: unreachable, file, logger, patienceMs: 0 }),
    ).toEqual(actions);
    expect(logger.warn).toHaveBeenCalledWith(
      "Greenroom's actions are those of the last start: Starting. Wait.",
    );
  });

  it('says what to do when there is no copy', async () => {
    await expect(
      loadActions({ ask: unreachable, file, logger, patienceMs: 0 }),
    ).rejects.toThrow(
      /not offered: Starting\. Wait\. Start Greenroom, check discovery\.endpoints/,
    );
  });
});
