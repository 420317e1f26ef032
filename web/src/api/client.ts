import { ApiError, reach, refusal, Unreachable } from "./errors";
import { renew } from "./renewal";
import { session } from "./session";

export { ApiError, Unreachable };

interface Options {
  signal?: AbortSignal;
  /** Asked by somebody who need not be signed in: a refusal ends no session. */
  open?: boolean;
  /** Statuses that carry an answer although they are not 2xx. */
  accept?: readonly number[];
}

interface Question extends Options {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
}

/** Asks the API and returns its answer; throws ApiError or Unreachable. */
export const get = <Answer>(path: string, options: Options = {}): Promise<Answer> =>
  ask<Answer>({ ...options, method: "GET", path });

export const post = <Answer = void>(path: string, body?: unknown, options: Options = {}): Promise<Answer> =>
  ask<Answer>({ ...options, method: "POST", path, body });

export const put = <Answer = void>(path: string, body?: unknown, options: Options = {}): Promise<Answer> =>
  ask<Answer>({ ...options, method: "PUT", path, body });

export const patch = <Answer = void>(path: string, body: unknown, options: Options = {}): Promise<Answer> =>
  ask<Answer>({ ...options, method: "PATCH", path, body });

/** DELETE, whose name is taken by the language. */
export const remove = <Answer = void>(path: string, options: Options = {}): Promise<Answer> =>
  ask<Answer>({ ...options, method: "DELETE", path });

async function ask<Answer>(question: Question): Promise<Answer> {
  const response = await signed(question);
  if (!response.ok && !question.accept?.includes(response.status)) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Any answer of the API, unread: for what streams. A session that ran out is renewed once, and the question asked again. */
export async function signed(question: Question): Promise<Response> {
  const asked = Date.now();
  const first = await send(question);
  if (first.status !== 401 || question.open) return first;
  if (!session.open()) {
    session.end((await refusal(first.clone())).message);
    return first;
  }
  await renew(asked);
  const second = await send(question);
  if (second.status === 401) session.end((await refusal(second.clone())).message);
  return second;
}

function send({ method, path, body, signal }: Question): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  const csrf = session.csrf();
  if (method !== "GET" && csrf !== null) headers.set("x-csrf-token", csrf);
  const init: RequestInit = { method, headers, signal: signal ?? null };
  if (body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(body);
  }
  return reach(path, init);
}
