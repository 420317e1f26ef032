/** What may come back instead of an answer. */

interface Facts {
  status: number;
  /** For programs; it does not change. */
  code: string | null;
  /** The part of the request that is meant, as the API names it. */
  param: string | null;
  details: Record<string, unknown>;
  requestId: string | null;
  /** How long the server asks to wait. */
  retryAfterS: number | null;
}

/** What the server said when it refused, from the one error envelope. */
export class ApiError extends Error implements Facts {
  override name = "ApiError";
  declare readonly status: number;
  declare readonly code: string | null;
  declare readonly param: string | null;
  declare readonly details: Record<string, unknown>;
  declare readonly requestId: string | null;
  declare readonly retryAfterS: number | null;

  constructor(message: string, facts: Facts) {
    super(message);
    Object.assign(this, facts);
  }
}

/** No answer came: the server is away, or the network is. */
export class Unreachable extends Error {
  override name = "Unreachable";
  override message = "No answer from the server. It may be restarting, or the network is down.";
}

interface Envelope {
  error?: { message?: string; code?: string; param?: string | null; details?: Record<string, unknown> | null };
}

/** Reads the error out of an answer, whatever it is. */
export async function refusal(response: Response): Promise<ApiError> {
  const envelope = (await response.json().catch(() => null)) as Envelope | null;
  const { message, code, param, details } = envelope?.error ?? {};
  const wait = Number(response.headers.get("retry-after"));
  return new ApiError(message ?? `The server answered ${response.status} without saying why.`, {
    status: response.status,
    code: code ?? null,
    param: param ?? null,
    details: details ?? {},
    requestId: response.headers.get("x-request-id"),
    retryAfterS: wait > 0 ? wait : null,
  });
}

/** Sends a request; throws Unreachable when no answer comes. */
export async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
}
