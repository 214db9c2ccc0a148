import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type {
  DeferredEntity,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { explain, isPassing, pause, retryDelay } from '@greenroom/client';
import { guardEmptySnapshot, guardRemoval, type RemovalLimits } from './guards';
import type { Changes, LiveClient } from './live';

/** Entities of another source that have the same name keep it: the catalog tells them apart by this key. */
const LOCATION_KEY = 'greenroom';

/**
 * Keeps the catalog equal to what Greenroom's plugin `live` knows: a snapshot as one full mutation, then each
 * change as a delta. After an interruption it goes on from the last version, so that nothing is read twice.
 */
export class GreenroomEntityProvider implements EntityProvider {
  private readonly stopping = new AbortController();
  private connection?: EntityProviderConnection;
  private following: Promise<void> = Promise.resolve();
  /** What was given to the catalog, by entity reference. */
  private known = new Set<string>();
  private version?: string;
  private complaint?: string;

  constructor(
    private readonly live: LiveClient,
    private readonly limits: RemovalLimits,
    private readonly logger: LoggerService,
  ) {}

  getProviderName(): string {
    return 'greenroom';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    this.following = this.follow();
  }

  /** Lets go of the stream and waits for a mutation that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.followOneStream(signal);
        failures = 0;
      } catch (error) {
        this.recover(error);
        failures += 1;
      }
      await pause(retryDelay(failures), signal);
    }
  }

  private async followOneStream(signal: AbortSignal): Promise<void> {
    this.version ??= await this.takeSnapshot(signal);
    const stream = await this.live.open(this.version, signal);
    this.content();
    for await (const changes of stream) {
      if (changes === 'reset') {
        this.version = undefined;
        return;
      }
      await this.apply(changes);
    }
  }

  private async takeSnapshot(signal: AbortSignal): Promise<string> {
    const { version, entities } = await this.live.snapshot(signal);
    const given = new Set(entities.map(entity => stringifyEntityRef(entity)));
    const removed = [...this.known].filter(ref => !given.has(ref));
    guardEmptySnapshot(entities.length);
    guardRemoval(this.known.size, removed.length, this.limits);
    await this.connection!.applyMutation({
      type: 'full',
      entities: entities.map(deferred),
    });
    this.known = given;
    this.logger.info(`The catalog has ${given.size} entities from Greenroom`);
    return version;
  }

  private async apply(changes: Changes): Promise<void> {
    const removed = changes.removed.filter(ref => this.known.has(ref));
    guardRemoval(this.known.size, removed.length, this.limits);
    await this.connection!.applyMutation({
      type: 'delta',
      added: changes.upserted.map(deferred),
      removed: changes.removed.map(entityRef => ({
        entityRef,
        locationKey: LOCATION_KEY,
      })),
    });
    removed.forEach(ref => this.known.delete(ref));
    changes.upserted.forEach(each => this.known.add(stringifyEntityRef(each)));
    this.version = changes.version;
  }

  private recover(error: unknown): void {
    if (this.stopping.signal.aborted) {
      return;
    }
    if (!isPassing(error)) {
      // What Greenroom has and what the catalog has may differ now: only a snapshot tells.
      this.version = undefined;
    }
    const message = explain(error);
    // The same trouble is said once, however long it lasts.
    if (message !== this.complaint) {
      this.complaint = message;
      this.logger.warn(`The catalog stays as it was: ${message}`);
    }
  }

  private content(): void {
    if (this.complaint !== undefined) {
      this.complaint = undefined;
      this.logger.info('The catalog follows Greenroom again');
    }
  }
}

function deferred(entity: Entity): DeferredEntity {
  return { entity, locationKey: LOCATION_KEY };
}
