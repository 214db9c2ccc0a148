import { readEvents, SilentStreamError, type ServerSentEvent } from './events';

function bodyOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder();
      chunks.forEach(chunk => controller.enqueue(encoder.encode(chunk)));
      controller.close();
    },
  });
}

async function collect(body: ReadableStream<Uint8Array>) {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(body)) {
    events.push(event);
  }
  return events;
}

describe('readEvents', () => {
  it('gives each event whole, however the network cut it', async () => {
    const events = await collect(
      bodyOf(
        'event: changes\nid: a-1\nda',
        'ta: {"version"',
        ':"a-1"}\n\nevent: ping\ndata: {}\n\n',
      ),
    );

    expect(events).toEqual([
      { event: 'changes', id: 'a-1', data: '{"version":"a-1"}' },
      { event: 'ping', id: undefined, data: '{}' },
    ]);
  });

  it('gives no event that the end of the stream cut off', async () => {
    expect(await collect(bodyOf('event: changes\ndata: {"half'))).toEqual([]);
  });

  it('throws when the stream is silent, and closes it', async () => {
    const cancelled = jest.fn();
    const silent = new ReadableStream<Uint8Array>({ cancel: cancelled });

    await expect(readEvents(silent, 10).next()).rejects.toThrow(
      SilentStreamError,
    );

    expect(cancelled).toHaveBeenCalled();
  });

  it('closes the stream when nobody listens any more', async () => {
    const cancelled = jest.fn();
    const endless = new ReadableStream<Uint8Array>({
      pull: controller =>
        controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
      cancel: cancelled,
    });

    for await (const event of readEvents(endless)) {
      expect(event.data).toBe('1');
      break;
    }

    expect(cancelled).toHaveBeenCalled();
  });
});
