import { createApiRef } from '@backstage/frontend-plugin-api';
import type { ServiceDescription } from './description';
import type { Plan, PlanRequest, Preview, Validation } from './plan';

/** What Greenroom's plugin `platform` answers at once, without any effect. */
export interface PlatformApi {
  /** What would happen. Throws a ProblemError whose `problems` are those of the document, where it is wrong. */
  plan(request: PlanRequest, signal?: AbortSignal): Promise<Plan>;
  /** Whether a document is right, without looking at what stands. */
  validate(document: string, signal?: AbortSignal): Promise<Validation>;
  /** Which release the service of a repository (\`owner/name\`) follows, and what it owns. */
  describe(
    repository: string,
    signal?: AbortSignal,
  ): Promise<ServiceDescription>;
  /** What would be created from a golden path; `values` are those of its form. */
  preview(
    goldenPath: string,
    values: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Preview>;
}

export const platformApiRef = createApiRef<PlatformApi>({
  id: 'plugin.greenroom.platform',
});
