import { useMemo, useState } from 'react';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { useSearchParams } from 'react-router-dom';
import type { PlanRequest } from '../api/plan';
import { environmentsOf, repositoryOf } from './repository';

/** What is planned: a document that somebody gives, or that of a service of the catalog. */
export type Source = 'document' | 'service';

/** In the address of the page, so that a link leads to the plan of a service. */
const SERVICE = 'service';

/** What the form of the page holds, and the request that it stands for. */
export function usePlanForm(services: Entity[] | undefined, named: string[]) {
  const [search, setSearch] = useSearchParams();
  const serviceRef = search.get(SERVICE) ?? undefined;
  const [source, setSource] = useState<Source>(
    serviceRef ? 'service' : 'document',
  );
  const [document, setDocument] = useState('');
  const [environment, setEnvironment] = useState('');
  const [version, setVersion] = useState('');

  const service = services?.find(
    each => stringifyEntityRef(each) === serviceRef,
  );
  const repository = service && repositoryOf(service);
  const ofService = service ? environmentsOf(service) : [];
  const environments = source === 'document' ? named : ofService;
  // One that another document named is none of this one's.
  const chosen = environments.includes(environment) ? environment : '';

  const request = useMemo((): PlanRequest | undefined => {
    const options = {
      ...(chosen && { environment: chosen }),
      ...(version.trim() && { version: version.trim() }),
    };
    if (source === 'document') {
      return document.trim() ? { document, ...options } : undefined;
    }
    return repository ? { repository: repository.name, ...options } : undefined;
  }, [source, document, repository, chosen, version]);

  return {
    source,
    setSource,
    document,
    setDocument,
    serviceRef,
    setService: (ref: string) => setSearch({ [SERVICE]: ref }),
    /** A service that comes from no repository, which alone can be planned. */
    hasNoRepository: !!service && !repository,
    environments,
    environment: chosen,
    setEnvironment,
    version,
    setVersion,
    request,
  };
}
