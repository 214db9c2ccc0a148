import { ProblemError } from './problem';

function answer(status: number, body: unknown): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

describe('ProblemError', () => {
  it('carries what Greenroom says, and what to do', async () => {
    const error = await ProblemError.fromResponse(
      answer(503, {
        title: 'Service unavailable',
        detail: 'The folder examples cannot be read',
        remedy: 'Check catalog.folders.',
        error: { name: 'ServiceUnavailableError', message: 'no' },
      }),
    );

    expect(error).toMatchObject({
      name: 'ServiceUnavailableError',
      status: 503,
      message: 'The folder examples cannot be read',
    });
    expect(error.explain()).toBe(
      'The folder examples cannot be read. Check catalog.folders.',
    );
  });

  it('explains each finding with its place', async () => {
    const error = await ProblemError.fromResponse(
      answer(400, {
        detail: '1 error in service.yaml.',
        problems: [
          {
            file: 'service.yaml',
            line: 22,
            column: 12,
            message: 'min 12 is above max 10.',
            remedy: 'Lower min.',
          },
        ],
      }),
    );

    expect(error.explain()).toBe(
      '1 error in service.yaml.\nservice.yaml:22:12: min 12 is above max 10. Lower min.',
    );
  });

  it('says what it can of an answer from something else', async () => {
    const error = await ProblemError.fromResponse(
      answer(502, '<html>Bad gateway</html>'),
    );

    expect(error.message).toMatch(/^Greenroom answered 502/);
    expect(error.name).toBe('ResponseError');
  });
});
