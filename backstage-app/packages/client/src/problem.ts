/** One finding in a document, where it is and what to do about it. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  message: string;
  remedy?: string | null;
  /** Where the field is explained. */
  page?: string;
}

/** An error that Greenroom answered with (RFC 9457), or what can be said of an answer that isn't one of its own. */
export class ProblemError extends Error {
  override readonly name: string;

  constructor(
    message: string,
    /** The HTTP status. */
    readonly status: number,
    name: string = 'ResponseError',
    /** What to do about it. */
    readonly remedy?: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = name;
  }

  static async fromResponse(response: Response): Promise<ProblemError> {
    const body = await readObject(response);
    const error = isObject(body.error) ? body.error : {};
    return new ProblemError(
      text(body.detail) ??
        text(error.message) ??
        text(body.title) ??
        `Greenroom answered ${response.status} ${response.statusText}`,
      response.status,
      text(error.name),
      text(body.remedy),
      Array.isArray(body.problems) ? (body.problems as Problem[]) : [],
    );
  }

  /** The message and each finding, with what to do about them, for people. */
  explain(): string {
    const findings = this.problems.map(
      each =>
        `${each.file}:${each.line}:${each.column}: ${sentence(each.message)} ${
          each.remedy ?? ''
        }`,
    );
    return [`${sentence(this.message)} ${this.remedy ?? ''}`, ...findings]
      .map(line => line.trim())
      .join('\n');
  }
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

async function readObject(
  response: Response,
): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
