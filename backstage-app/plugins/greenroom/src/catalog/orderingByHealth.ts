import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  EntityOrderFilter,
  type catalogApiRef,
} from '@backstage/plugin-catalog-react';
import type { HealthApi } from '../api/HealthApi';
import { VERDICTS } from '../api/types';

/** What stands in the place of a field of entities, of which none has one of this name. */
const HEALTH_FIELD = 'greenroom/health';

/** Orders the list by health, the worst first; a catalog that `orderingByHealth` made understands it. */
export const HEALTH_ORDER = new EntityOrderFilter([[HEALTH_FIELD, 'desc']]);

type CatalogApi = typeof catalogApiRef.T;
type Request = NonNullable<Parameters<CatalogApi['queryEntities']>[0]>;
type Response = Awaited<ReturnType<CatalogApi['queryEntities']>>;

/** References that are asked for in one go: some 200 kB. */
const MOST_REFERENCES = 1_000;
/** The page of the catalog's own list, where nobody says. */
const PAGE = 20;
const REFERENCE = ['kind', 'metadata.namespace', 'metadata.name'];
const BY_NAME = { field: 'metadata.name', order: 'asc' } as const;
/** Unwatched entities come after the healthy ones: nothing is wrong with them. */
const UNWATCHED = -1;

/** Compares references of entities by how they are now. */
export function worstFirst(
  health: HealthApi,
): (one: string, other: string) => number {
  const known = health.getState().health;
  const rank = (ref: string) => {
    const summary = known.get(ref);
    return summary ? VERDICTS.indexOf(summary.status) : UNWATCHED;
  };
  return (one, other) => rank(other) - rank(one);
}

function isByHealth(request: Request): boolean {
  const { orderFields = [] } = request as {
    orderFields?: { field: string } | { field: string }[];
  };
  return [orderFields].flat().some(({ field }) => field === HEALTH_FIELD);
}

class OrderedList {
  private refs: string[] = [];
  private number = 0;

  constructor(
    private readonly catalog: CatalogApi,
    private readonly health: HealthApi,
  ) {}

  async query(request: Request, options?: object): Promise<Response> {
    if ('cursor' in request) {
      const [field, number, offset] = request.cursor.split('|');
      return field === HEALTH_FIELD
        ? this.page(Number(number), Number(offset), request.limit)
        : this.catalog.queryEntities(request, options);
    }
    if (!isByHealth(request)) {
      return this.catalog.queryEntities(request, options);
    }
    const { orderFields, ...rest } = request as { orderFields?: unknown };
    if (request.limit === 0) {
      // How many there are has no order.
      return this.catalog.queryEntities(rest, options);
    }
    const number = this.number + 1;
    this.number = number;
    const found = await this.references(rest, options);
    if (number === this.number) {
      this.refs = found;
    }
    return this.page(
      number,
      'offset' in request ? request.offset : 0,
      request.limit,
    );
  }

  /** All that match, the worst first; what is equally well stays in the order of names. */
  private async references(
    request: Request,
    options?: object,
  ): Promise<string[]> {
    const refs: string[] = [];
    let next: Request | undefined = {
      ...request,
      offset: 0,
      orderFields: BY_NAME,
    };
    while (next) {
      const { items, pageInfo }: Response = await this.catalog.queryEntities(
        { ...next, fields: REFERENCE, limit: MOST_REFERENCES },
        options,
      );
      refs.push(...items.map(each => stringifyEntityRef(each)));
      next = pageInfo.nextCursor ? { cursor: pageInfo.nextCursor } : undefined;
    }
    return refs.sort(worstFirst(this.health));
  }

  private async page(
    number: number,
    offset = 0,
    limit = PAGE,
  ): Promise<Response> {
    // An order that was left, such as one of before the page was read anew, has no further pages.
    const refs = number === this.number ? this.refs : [];
    const { items } = await this.catalog.getEntitiesByRefs({
      entityRefs: refs.slice(offset, offset + limit),
    });
    const cursor = (to: number) => [HEALTH_FIELD, number, to].join('|');
    const next = offset + limit;
    return {
      // One that went meanwhile leaves no gap.
      items: items.flatMap(each => each ?? []),
      totalItems: refs.length,
      pageInfo: {
        ...(next < refs.length && { nextCursor: cursor(next) }),
        ...(offset > 0 && { prevCursor: cursor(Math.max(0, offset - limit)) }),
      },
    };
  }
}

/**
 * `catalog`, which can also order by health: a query in `HEALTH_ORDER` has the worst of all entities that
 * match first, whatever page they would be on. It asks for the references of all that match, once, and then for the
 * entities of each page. The order stays from page to page, so that no entity is passed over or shown twice.
 */
export function orderingByHealth(
  catalog: CatalogApi,
  health: HealthApi,
): CatalogApi {
  const list = new OrderedList(catalog, health);
  return new Proxy(catalog, {
    get(target, name) {
      if (name === 'queryEntities') {
        return (request?: Request, options?: object) =>
          list.query(request ?? {}, options);
      }
      const value = Reflect.get(target, name);
      // A catalog with private fields has to be called as itself.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
