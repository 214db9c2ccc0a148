import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { ProblemError, readEvents } from '@greenroom/client';

/** Every entity there is, at one version. */
export interface Snapshot {
  version: string;
  entities: Entity[];
}

/** What became of some entities on the way to `version`; `removed` holds entity references. */
export interface Changes {
  version: string;
  upserted: Entity[];
  removed: string[];
}

interface Page {
  version: string;
  items: Entity[];
  nextCursor: string | null;
}

/** Entities a page: a few MiB at most. The catalog takes all pages in one mutation, and they are held until then. */
const PAGE_SIZE = 500;
/** A page comes out of memory in milliseconds. Without an answer by then there won't be one. */
const PAGE_TIMEOUT_MS = 30_000;

/** Backstage's plugin tokens live an hour, and a server may end a stream when its token has run out. */
const LONGEST_STREAM_MS = 30 * 60 * 1000;

/** The entities of Greenroom's plugin `live`. */
export class LiveClient {
  constructor(
    private readonly auth: AuthService,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Takes all pages of one version. Throws ProblemError: 503 before every source has answered once. */
  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    const entities: Entity[] = [];
    let page: Page | undefined;
    do {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (page?.nextCursor) {
        query.set('cursor', page.nextCursor);
      }
      const response = await this.get(
        `/v1/entities?${query}`,
        AbortSignal.any([signal, AbortSignal.timeout(PAGE_TIMEOUT_MS)]),
      );
      const next = (await response.json()) as Page;
      if (page && next.version !== page.version) {
        throw new Error(
          `the version changed from ${page.version} to ${next.version} between two pages`,
        );
      }
      page = next;
      entities.push(...page.items);
    } while (page.nextCursor);
    return { version: page.version, entities };
  }

  /**
   * Opens the stream of changes after `since`, and gives them as they happen until it ends or `signal` aborts.
   * `reset` means that the way from `since` is not known any more: take a snapshot.
   */
  async open(
    since: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Changes | 'reset'>> {
    const expired = AbortSignal.timeout(LONGEST_STREAM_MS);
    const query = new URLSearchParams({ since });
    const response = await this.get(
      `/v1/entities/stream?${query}`,
      AbortSignal.any([signal, expired]),
    );
    return read(response.body!, expired);
  }

  private async get(path: string, signal: AbortSignal): Promise<Response> {
    const { token } = await this.auth.getPluginRequestToken({
      onBehalfOf: await this.auth.getOwnServiceCredentials(),
      targetPluginId: 'live',
    });
    const base = await this.discovery.getBaseUrl('live');
    const response = await fetch(base + path, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    return response;
  }
}

async function* read(
  body: ReadableStream<Uint8Array>,
  expired: AbortSignal,
): AsyncGenerator<Changes | 'reset'> {
  try {
    for await (const event of readEvents(body)) {
      if (event.event === 'changes') {
        yield JSON.parse(event.data) as Changes;
      } else if (event.event === 'reset') {
        yield 'reset';
      }
    }
  } catch (error) {
    // A stream that has lived long enough ends like any other, and a new one gets a new token.
    if (!expired.aborted) {
      throw error;
    }
  }
}
