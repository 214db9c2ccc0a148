export { readEvents, SilentStreamError } from './events';
export type { ServerSentEvent } from './events';
export { explain, isPassing } from './failure';
export { ProblemError } from './problem';
export type { Problem } from './problem';
export { pause, retryDelay } from './retry';
