import { expect, test } from "vitest";

import { ApiError, get, patch, post, remove, Unreachable } from "./client";
import { session } from "./session";

import { answer, serve, signIn } from "@/testing/server";

const ended = answer({ error: { message: "Your session ended.", code: "session_ended" } }, { status: 401 });
const renewal = "/api/identity/session/refresh";

test("a change carries the proof that it is ours, and its body as JSON", async () => {
  signIn();
  const requests = serve({ "/api/x": answer({ id: 1 }) });
  await patch("/api/x", { name: "Ada" });
  expect(requests[0]?.headers.get("x-csrf-token")).toBe("csrf-of-ada");
  expect(await requests[0]?.json()).toEqual({ name: "Ada" });
  await get("/api/x");
  expect(requests[1]?.headers.has("x-csrf-token")).toBe(false);
});

test("an answer without a body is no answer to read", async () => {
  serve({ "/api/x": () => new Response(null, { status: 204 }) });
  await expect(remove("/api/x")).resolves.toBeUndefined();
});

test("a refusal carries the server's words, what it means, and the request id", async () => {
  const error = { message: "The name is taken.", code: "name_taken", param: "name", details: { id: "key_1" } };
  serve({ "/api/x": answer({ error }, { status: 409, headers: { "x-request-id": "op_9", "retry-after": "7" } }) });
  const refused = await post("/api/x", {}).catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ ...error, status: 409, requestId: "op_9", retryAfterS: 7 });
});

test("a session that ran out is renewed once for all calls, and they are asked again", async () => {
  signIn();
  let fresh = false;
  const requests = serve({
    "/api/x": (request) => (fresh ? Response.json({ ok: true }) : ended(request)),
    [renewal]: () => {
      fresh = true;
      return Response.json({});
    },
  });
  expect(await Promise.all([get("/api/x"), get("/api/x"), get("/api/x")])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  expect(requests.filter(({ url }) => url.endsWith("refresh"))).toHaveLength(1);
  expect(session.open()).toBe(true);
});

test("a session that another tab has renewed meanwhile is not renewed again", async () => {
  signIn();
  let fresh = false;
  const requests = serve({
    "/api/x": (request) => {
      if (fresh) return Response.json({ ok: true });
      fresh = true;
      localStorage.setItem("hone.renewed", String(Date.now() + 1));
      return ended(request);
    },
  });
  expect(await get("/api/x")).toEqual({ ok: true });
  expect(requests).toHaveLength(2);
});

test("a session that cannot be renewed ends with the reason", async () => {
  signIn();
  serve({ "/api/x": answer({}, { status: 401 }), [renewal]: ended });
  await expect(get("/api/x")).rejects.toThrow("Your session ended.");
  expect(session.open()).toBe(false);
  expect(session.ended()).toBe("Your session ended.");
});

test("a server that is away while renewing ends no session", async () => {
  signIn();
  serve({ "/api/x": ended, [renewal]: () => Promise.reject(new TypeError("fetch failed")) });
  await expect(get("/api/x")).rejects.toBeInstanceOf(Unreachable);
  expect(session.open()).toBe(true);
});

test("a wrong password ends no session and renews none", async () => {
  signIn();
  const requests = serve({ "/api/x": answer({ error: { message: "No." } }, { status: 401 }) });
  await expect(post("/api/x", {}, { open: true })).rejects.toThrow("No.");
  expect(requests).toHaveLength(1);
  expect(session.open()).toBe(true);
});

test("an answer that is no envelope still says something, and no answer is told apart", async () => {
  serve({ "/api/x": () => new Response("<html>", { status: 502 }) });
  await expect(get("/api/x")).rejects.toThrow("The server answered 502 without saying why.");
  serve({ "/api/x": () => Promise.reject(new TypeError("fetch failed")) });
  await expect(get("/api/x")).rejects.toBeInstanceOf(Unreachable);
});
