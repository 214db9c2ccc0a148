import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { VERDICTS, type HealthSummary, type Verdict } from '../api/types';

/** Which services are looked at; what is absent narrows nothing. */
export interface Narrowing {
  /** A full entity reference. */
  owner?: string;
  environment?: string;
  verdict?: Verdict;
  /** Part of a name or of a sentence. */
  text?: string;
}

/** Reads a narrowing from an address, in the words of Greenroom's API; what means nothing is passed over. */
export function narrowingOf(query: URLSearchParams): Narrowing {
  const verdict = query.get('verdict')?.toLowerCase();
  return {
    owner: ownerOf(query.get('owner')),
    environment: query.get('environment') || undefined,
    verdict: VERDICTS.find(each => each.toLowerCase() === verdict),
    text: query.get('text') || undefined,
  };
}

/** `query` with `narrowing` in it, and all that it says of other things. */
export function narrowedQuery(
  query: URLSearchParams,
  narrowing: Narrowing,
): URLSearchParams {
  const next = new URLSearchParams(query);
  const { owner, environment, verdict, text } = narrowing;
  const said = { owner: owner && teamName(owner), environment, verdict, text };
  Object.entries(said).forEach(([key, value]) =>
    value ? next.set(key, value) : next.delete(key),
  );
  return next;
}

/** The shortest reference that still leads to the owner, which most teams know as their name. */
export function teamName(owner: string): string {
  return owner.replace(/^group:(default\/)?/, '');
}

/** The services of an owner and an environment, each as it is there. */
export function within(
  summaries: Iterable<HealthSummary>,
  { owner, environment }: Narrowing,
): HealthSummary[] {
  return [...summaries]
    .filter(each => !owner || each.owner === owner)
    .flatMap(each => asIn(each, environment) ?? []);
}

/** Of those, the ones with the verdict and the text. */
export function matching(
  summaries: HealthSummary[],
  { verdict, text = '' }: Narrowing,
): HealthSummary[] {
  const wanted = text.trim().toLowerCase();
  return summaries.filter(
    each =>
      (!verdict || each.status === verdict) &&
      `${each.entityRef} ${each.message}`.toLowerCase().includes(wanted),
  );
}

/** A service as it is in one environment: the worst of its clusters there; undefined where it is not there. */
function asIn(
  summary: HealthSummary,
  environment: string | undefined,
): HealthSummary | undefined {
  if (!environment) {
    return summary;
  }
  const [worst] = summary.environments
    .filter(each => each.name === environment)
    .sort(
      (one, other) =>
        VERDICTS.indexOf(other.status) - VERDICTS.indexOf(one.status),
    );
  if (!worst) {
    return undefined;
  }
  const { status, message, reason, since, cause } = worst;
  return { ...summary, status, message, reason, since, cause };
}

function ownerOf(text: string | null): string | undefined {
  try {
    return text
      ? stringifyEntityRef(parseEntityRef(text, { defaultKind: 'group' }))
      : undefined;
  } catch {
    return undefined;
  }
}
