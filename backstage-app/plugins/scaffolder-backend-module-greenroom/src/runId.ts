import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '@backstage/types';

/**
 * The id of the run of one step of one task: the same for every retry and recovery of it, another for another
 * input (so that the iterations of `each` differ). At most 60 characters of `[a-z0-9-]`.
 */
export function runIdOf(step: {
  task: string;
  step: string;
  action: string;
  input: JsonObject;
  dryRun: boolean;
}): string {
  const task = step.task.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  const hash = createHash('sha256')
    .update(canonical({ ...step }))
    .digest('hex');
  return `${task.slice(0, 40)}-${hash.slice(0, 16)}`;
}

function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .filter(key => value[key] !== undefined)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join()}}`;
  }
  return JSON.stringify(value ?? null);
}
