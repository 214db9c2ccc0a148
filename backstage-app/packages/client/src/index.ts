export { readEvents, SilentStreamError } from './events';
export type { ServerSentEvent } from './events';
export { ProblemError } from './problem';
export type { Problem } from './problem';
export { pause, retryDelay } from './retry';
