import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import { ProblemError } from '@greenroom/client';
import type { ServiceDescription } from './description';
import type { Plan, PlanRequest, Preview, Validation } from './plan';
import type { PlatformApi } from './PlatformApi';

/** Asks `platform` over its actions registry, as the person who is signed in. */
export class PlatformClient implements PlatformApi {
  constructor(
    private readonly discovery: DiscoveryApi,
    private readonly fetchApi: FetchApi,
  ) {}

  plan(request: PlanRequest, signal?: AbortSignal): Promise<Plan> {
    return this.invoke('plan-service', request, signal);
  }

  validate(document: string, signal?: AbortSignal): Promise<Validation> {
    return this.invoke('validate-service', { document }, signal);
  }

  describe(
    repository: string,
    signal?: AbortSignal,
  ): Promise<ServiceDescription> {
    return this.invoke('describe-service', { repository }, signal);
  }

  preview(
    goldenPath: string,
    values: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Preview> {
    return this.invoke('preview-golden-path', { goldenPath, values }, signal);
  }

  private async invoke<Output>(
    action: string,
    input: object,
    signal?: AbortSignal,
  ): Promise<Output> {
    const base = await this.discovery.getBaseUrl('platform');
    const id = encodeURIComponent(`platform:${action}`);
    const response = await this.fetchApi.fetch(
      `${base}/.backstage/actions/v1/actions/${id}/invoke`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
        signal,
      },
    );
    if (!response.ok) {
      throw await ProblemError.fromResponse(response);
    }
    const { output } = (await response.json()) as { output: Output };
    return output;
  }
}
