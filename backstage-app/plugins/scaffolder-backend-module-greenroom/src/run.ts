import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import { explain, isPassing, pause, retryDelay } from '@greenroom/client';
import { persistently } from './persistence';
import type {
  ActionDescription,
  LogLine,
  PlatformClient,
  Run,
} from './platform';
import { runIdOf } from './runId';
import { packWorkspace } from './workspace';

/** A restart of Greenroom takes seconds; a step that could not even begin by then had better say so. */
const PATIENCE_MS = 60_000;
/** Somebody waits for the task to end. */
const CANCEL_PATIENCE_MS = 10_000;
/** Each retry of a failed step is a run of its own. Nobody presses the button more often. */
const MOST_ATTEMPTS = 100;

/** A run that ended without success. */
export class RunFailedError extends Error {
  override readonly name: string;

  constructor(run: Run) {
    const remedy = run.error?.remedy ? ` ${run.error.remedy}` : '';
    super(`${run.error?.message ?? `The run was ${run.status}.`}${remedy}`);
    this.name = run.error?.name ?? 'RunFailedError';
  }
}

/** What one step of a task makes of a run: it starts or finds it, shows its log, and waits for its end. */
export class StepRun {
  constructor(
    private readonly action: ActionDescription,
    private readonly platform: PlatformClient,
    private readonly context: ActionContext<JsonObject>,
  ) {}

  /** The finished run. Throws when the task is cancelled, after cancelling the run. */
  async complete(): Promise<Run> {
    const id = await this.start();
    try {
      return await this.follow(id);
    } catch (error) {
      if (this.context.signal?.aborted) {
        await this.cancel(id);
        throw new Error(`The run ${id} was cancelled with its task.`);
      }
      throw error;
    }
  }

  private async cancel(id: string): Promise<void> {
    try {
      await persistently(() => this.platform.cancelRun(id), {
        patienceMs: CANCEL_PATIENCE_MS,
      });
    } catch (error) {
      this.context.logger.warn(
        `The run ${id} may go on: ${explain(
          error,
        )} Stop it with: greenroom actions cancel ${id}`,
      );
    }
  }

  /**
   * The id of a run that is under way or succeeded. One that had ended otherwise before is left behind: this is
   * a retry, and starts the next one.
   */
  private async start(): Promise<string> {
    const first = this.firstId();
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const id = attempt === 1 ? first : `${first}-${attempt}`;
      const { run, created } = await this.submit(id);
      if (created || !['failed', 'cancelled'].includes(run.status)) {
        return id;
      }
    }
    throw new Error(
      `This step failed ${MOST_ATTEMPTS} times. Start the task anew.`,
    );
  }

  private async submit(id: string): Promise<{ run: Run; created: boolean }> {
    const { context, platform } = this;
    // Packed once: after a recovery the workspace may have been laid out anew, and the run has its copy.
    const { workspace } = await context.checkpoint({
      key: `run.${id}`,
      fn: async () => ({ run: id, workspace: await this.upload() }),
    });
    return persistently(
      () =>
        platform.putRun(id, {
          action: this.action.id,
          input: context.input,
          workspace,
          dryRun: context.isDryRun ?? false,
          user: context.user?.ref ?? null,
        }),
      this.patience(),
    );
  }

  private async upload(): Promise<string | null> {
    if (this.action.workspace === 'none') {
      return null;
    }
    const { digest, archive } = await packWorkspace(this.context.workspacePath);
    await persistently(
      () => this.platform.putWorkspace(digest, archive),
      this.patience(),
    );
    return digest;
  }

  private async follow(id: string): Promise<Run> {
    const signal = this.context.signal ?? new AbortController().signal;
    let seen = 0;
    let failures = 0;
    for (;;) {
      try {
        for await (const item of this.platform.events(id, seen, signal)) {
          failures = 0;
          if (!isLogLine(item)) {
            return item;
          }
          seen = item.sequence;
          this.context.logger[item.level](item.message);
        }
      } catch (error) {
        if (signal.aborted || !isPassing(error)) {
          throw error;
        }
        if (failures === 0) {
          this.context.logger.warn(
            `${explain(error)} The run goes on; reconnecting.`,
          );
        }
      }
      await pause(retryDelay(failures), signal);
      signal.throwIfAborted();
      failures += 1;
    }
  }

  private firstId(): string {
    const { context } = this;
    return runIdOf({
      task: context.task.id,
      step: context.step?.id ?? '',
      action: this.action.id,
      input: context.input,
      dryRun: context.isDryRun ?? false,
    });
  }

  private patience() {
    return {
      patienceMs: PATIENCE_MS,
      signal: this.context.signal,
      onFailure: (error: unknown) => this.context.logger.warn(explain(error)),
    };
  }
}

function isLogLine(item: LogLine | Run): item is LogLine {
  return 'sequence' in item;
}
