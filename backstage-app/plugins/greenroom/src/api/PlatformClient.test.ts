import { PlatformClient } from './PlatformClient';

describe('PlatformClient', () => {
  const asked = jest.fn();
  const answering = (status: number, body: unknown) =>
    new PlatformClient(
      { getBaseUrl: async plugin => `http://localhost:7100/api/${plugin}` },
      {
        fetch: (async (url: string, options: RequestInit) => {
          asked(url, options.method, JSON.parse(String(options.body)));
          return {
            ok: status < 400,
            status,
            statusText: '',
            json: async () => body,
          };
        }) as unknown as typeof fetch,
      },
    );

  it('asks over the actions registry', async () => {
    const client = answering(200, { output: { service: 'order-api' } });

    expect(
      await client.plan({ document: 'kind: Service', environment: 'staging' }),
    ).toEqual({ service: 'order-api' });
    expect(asked).toHaveBeenLastCalledWith(
      'http://localhost:7100/api/platform/.backstage/actions/v1/actions/platform%3Aplan-service/invoke',
      'POST',
      { document: 'kind: Service', environment: 'staging' },
    );
  });

  it('throws each problem of the document, with its place', async () => {
    const problems = [
      { file: 'service.yaml', line: 2, column: 1, message: 'Wrong.' },
    ];
    const client = answering(400, {
      detail: 'service.yaml is not a Service document that can be used.',
      problems,
      error: { name: 'InputError', message: 'service.yaml is not …' },
      response: { statusCode: 400 },
    });

    await expect(client.validate('kind: Service')).rejects.toMatchObject({
      name: 'InputError',
      status: 400,
      problems,
    });
  });
});
