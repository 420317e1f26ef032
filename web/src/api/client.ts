import { session } from "./session";

/** What the server said when it refused, from the one error envelope. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null,
    readonly requestId: string | null,
  ) {
    super(message);
  }
}

/** No answer came: the server is away, or the network is. */
export class Unreachable extends Error {
  override name = "Unreachable";
  override message = "No answer from the server. It may be restarting, or the network is down.";
}

interface Options {
  signal?: AbortSignal;
  /** A key to try, instead of the session's. A refusal then ends no session. */
  key?: string;
  /** Statuses that carry an answer although they are not 2xx. */
  accept?: readonly number[];
}

/** Asks the API and returns its answer; throws ApiError or Unreachable. */
export async function get<Answer>(path: string, options: Options = {}): Promise<Answer> {
  const key = options.key ?? session.key();
  const headers = new Headers({ accept: "application/json" });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  const response = await reach(path, { headers, signal: options.signal ?? null });
  if (response.ok || options.accept?.includes(response.status)) return (await response.json()) as Answer;
  const error = await refusal(response);
  if (error.status === 401 && options.key === undefined) session.end(error.message);
  throw error;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id");
  const envelope = (await response.json().catch(() => null)) as { error?: { message?: string; code?: string } } | null;
  const message = envelope?.error?.message ?? `The server answered ${response.status} without saying why.`;
  return new ApiError(message, response.status, envelope?.error?.code ?? null, requestId);
}
