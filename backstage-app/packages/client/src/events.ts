import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** One event of a stream: `event` its name, `data` its text, `id` where to go on after it. */
export type ServerSentEvent = EventSourceMessage;

/** Nothing came for longer than the server lets a healthy stream be silent. */
export class SilentStreamError extends Error {
  override readonly name = 'SilentStreamError';
}

/** Greenroom pings an idle stream every 10 seconds: two lost pings and some slack mean that it is dead. */
const LONGEST_SILENCE_MS = 25_000;

/** Characters. The largest event is a snapshot of health, about 500 for each service: room for 30,000 services. */
const LARGEST_EVENT = 16 * 1024 * 1024;

/**
 * Gives the events of an open stream as they come, until it ends.
 *
 * Throws SilentStreamError when nothing at all has come for `longestSilenceMs`, and whatever the body throws.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  longestSilenceMs: number = LONGEST_SILENCE_MS,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const complete: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: event => complete.push(event),
    maxBufferSize: LARGEST_EVENT,
  });
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), longestSilenceMs);
      if (done) {
        return;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      yield* complete.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(promise: Promise<T>, milliseconds: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new SilentStreamError(
            `the stream was silent for ${milliseconds / 1000} s`,
          ),
        ),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
