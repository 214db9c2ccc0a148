import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { explain } from '@greenroom/client';
import { persistently } from './persistence';
import type { ActionDescription } from './platform';

/** Greenroom and the portal often start together, and Greenroom is up in a few seconds. */
const PATIENCE_MS = 60_000;

/**
 * Asks for the actions until they come or a minute has passed; then gives the copy in `file`, if there is one.
 *
 * Throws with what to do when there is neither.
 */
export async function loadActions(options: {
  ask: () => Promise<ActionDescription[]>;
  file?: string;
  logger: LoggerService;
  patienceMs?: number;
}): Promise<ActionDescription[]> {
  const { ask, file, logger } = options;
  try {
    const actions = await persistently(ask, {
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      onFailure: error => logger.info(`Waiting: ${explain(error)}`),
    });
    await keep(actions, file, logger);
    return actions;
  } catch (error) {
    const copy = await readCopy(file);
    if (!copy) {
      throw new Error(
        `Greenroom's actions are not offered: ${explain(error)} ` +
          'Start Greenroom, check discovery.endpoints for the plugin platform, and start the portal again.',
        { cause: error },
      );
    }
    logger.warn(
      `Greenroom's actions are those of the last start: ${explain(error)}`,
    );
    return copy;
  }
}

async function keep(
  actions: ActionDescription[],
  file: string | undefined,
  logger: LoggerService,
): Promise<void> {
  if (!file) {
    return;
  }
  try {
    await mkdir(dirname(file), { recursive: true });
    // Written beside and moved, so that a crash leaves the old copy or the new one.
    await writeFile(`${file}.new`, JSON.stringify(actions));
    await rename(`${file}.new`, file);
  } catch (error) {
    logger.warn(`The list of actions was not kept: ${explain(error)}`);
  }
}

async function readCopy(
  file: string | undefined,
): Promise<ActionDescription[] | undefined> {
  if (!file) {
    return undefined;
  }
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ActionDescription[];
  } catch {
    return undefined;
  }
}
