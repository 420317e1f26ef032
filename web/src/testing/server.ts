import { vi } from "vitest";

type Handler = (request: Request) => Response | Promise<Response>;

/** A handler that always gives this answer as JSON. */
export function answer(body: unknown, init?: ResponseInit): Handler {
  return () => Response.json(body, init);
}

/** Answers fetch by path for one test and returns the requests as they come; an unexpected path fails. */
export function serve(handlers: Record<string, Handler>): Request[] {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", async (input: string, init?: RequestInit) => {
    const request = new Request(new URL(input, "http://hone.test"), { ...init, signal: null });
    requests.push(request);
    const handler = handlers[new URL(request.url).pathname];
    if (!handler) throw new Error(`Nothing serves ${request.url}`);
    return await handler(request);
  });
  return requests;
}

/** Puts the cookie there that a session leaves readable. */
export function signIn(): void {
  document.cookie = "hone_csrf=csrf-of-ada; Path=/";
}

export function signOut(): void {
  document.cookie = "hone_csrf=; Max-Age=0; Path=/";
}
