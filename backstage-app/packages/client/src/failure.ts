import { ProblemError } from './problem';

/** What `fetch` and a stream throw when nothing answered, or no longer does. */
const NO_ANSWER = ['TypeError', 'TimeoutError', 'SilentStreamError'];

/**
 * Whether trying again may help: nothing answered, or Greenroom said that it cannot answer now. What it refuses
 * it will refuse again.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) {
    return error.status === 429 || error.status >= 500;
  }
  // By name, since an error of another realm (a worker, a test) is no instance of this one's classes.
  return isErrorLike(error) && NO_ANSWER.includes(error.name);
}

/** One sentence for people about an error of a request to Greenroom. */
export function explain(error: unknown): string {
  if (error instanceof ProblemError) {
    return error.explain();
  }
  if (!isErrorLike(error)) {
    return String(error);
  }
  if (error.name === 'TypeError') {
    const cause = isErrorLike(error.cause) ? error.cause : error;
    return `Greenroom cannot be reached (${cause.message}).`;
  }
  return error.message;
}

function isErrorLike(
  error: unknown,
): error is { name: string; message: string; cause?: unknown } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'name' in error &&
    'message' in error
  );
}
