import { environmentsOf, repositoryOf } from './repository';

const entityWith = (annotations: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'order-api', annotations },
});

describe('repositoryOf', () => {
  const repository = (source: string) =>
    repositoryOf(entityWith({ 'backstage.io/source-location': source }));

  it('knows a repository of the local Git host', () => {
    expect(repository('url:http://localhost:7114/commerce/order-api/')).toEqual(
      {
        name: 'commerce/order-api',
        url: 'http://localhost:7114/commerce/order-api',
      },
    );
    expect(repository('url:http://localhost:7114/tree/tree/')).toEqual({
      name: 'tree/tree',
      url: 'http://localhost:7114/tree/tree',
    });
  });

  it('knows a repository of GitHub, whatever the branch', () => {
    expect(
      repository('url:https://github.com/acme/order-api/tree/release/1/'),
    ).toEqual({
      name: 'acme/order-api',
      url: 'https://github.com/acme/order-api',
    });
  });

  it('knows none of what lies in a folder, or comes from elsewhere', () => {
    expect(repository('file:/srv/services/order-api/')).toBeUndefined();
    expect(repositoryOf(entityWith({}))).toBeUndefined();
  });
});

describe('environmentsOf', () => {
  it('gives the environments that the document names', () => {
    expect(
      environmentsOf(
        entityWith({ 'greenroom/environments': 'staging,production' }),
      ),
    ).toEqual(['staging', 'production']);
    expect(environmentsOf(entityWith({}))).toEqual([]);
  });
});
