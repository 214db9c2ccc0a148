import type { Cluster } from '../api/types';
import type { Shown } from '../health/VerdictLabel';

/** How a cluster fares, in a word of its own and the verdict that looks like it, and why. */
export interface ClusterWords {
  shown: Shown;
  word: string;
  sentence: string;
}

/** Kinds that a sentence names; there may be dozens, and by then the first say enough. */
const NAMED = 4;

/** How well a cluster is heard: what is not heard is unknown, and never called healthy. */
export function wordsOf(cluster: Cluster): ClusterWords {
  if (cluster.state === 'unreachable') {
    return {
      shown: 'Unknown',
      word: 'Unreachable',
      sentence: cluster.message ?? 'It does not answer.',
    };
  }
  const sentence = [
    naming('May not list', cluster, 'refused'),
    naming('Hears nothing of', cluster, 'stale'),
  ]
    .filter(Boolean)
    .join(' ');
  if (sentence) {
    return { shown: 'Unknown', word: 'Partly unknown', sentence };
  }
  return cluster.state === 'starting'
    ? { shown: 'Progressing', word: 'Starting', sentence: 'Is being listed.' }
    : { shown: 'Healthy', word: 'Connected', sentence: '' };
}

/** Clusters of which least is known come first, then by environment and name. */
export function leastKnownFirst(clusters: readonly Cluster[]): Cluster[] {
  const words = ['Unreachable', 'Partly unknown', 'Starting', 'Connected'];
  const rank = (cluster: Cluster) => words.indexOf(wordsOf(cluster).word);
  return [...clusters].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      one.environment.localeCompare(other.environment) ||
      one.name.localeCompare(other.name),
  );
}

function naming(
  what: string,
  cluster: Cluster,
  state: 'refused' | 'stale',
): string {
  const names = cluster.kinds
    .filter(each => each.state === state)
    .map(each => each.name);
  if (names.length === 0) {
    return '';
  }
  const more = names.length - NAMED;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `${what} ${names.slice(0, NAMED).join(', ')}${rest}.`;
}
