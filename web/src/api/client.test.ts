import { expect, test } from "vitest";


import { ApiError, get, Unreachable } from "./client";
import { session } from "./session";

import { answer, serve } from "@/testing/server";

test("the session's key travels as a bearer token", async () => {
  session.begin("hk_test");
  const requests = serve({ "/api/identity/me": answer({ id: "key_1" }) });
  await get("/api/identity/me");
  expect(requests[0]?.headers.get("authorization")).toBe("Bearer hk_test");
});

test("a refusal carries the server's words, its code and the request id", async () => {
  serve({
    "/api/ai/overview": answer(
      { error: { message: "This key may not read operations.", type: "permission", code: "forbidden", param: null } },
      { status: 403, headers: { "x-request-id": "op_9" } },
    ),
  });
  const error = await get("/api/ai/overview").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ message: "This key may not read operations.", status: 403, code: "forbidden", requestId: "op_9" });
});

test("a key that stopped working ends the session with the reason", async () => {
  session.begin("hk_revoked");
  serve({ "/api/x": answer({ error: { message: "This key was revoked." } }, { status: 401 }) });
  await expect(get("/api/x")).rejects.toThrow("This key was revoked.");
  expect(session.key()).toBeNull();
  expect(session.ended()).toBe("This key was revoked.");
});

test("a key that is only being tried ends no session", async () => {
  session.begin("hk_good");
  serve({ "/api/x": answer({ error: { message: "Unknown key." } }, { status: 401 }) });
  await expect(get("/api/x", { key: "hk_typo" })).rejects.toThrow("Unknown key.");
  expect(session.key()).toBe("hk_good");
});

test("an answer that is no envelope still says something, and no answer is told apart", async () => {
  serve({ "/api/x": () => new Response("<html>", { status: 502 }) });
  await expect(get("/api/x")).rejects.toThrow("The server answered 502 without saying why.");
  serve({ "/api/x": () => Promise.reject(new TypeError("fetch failed")) });
  await expect(get("/api/x")).rejects.toBeInstanceOf(Unreachable);
});
