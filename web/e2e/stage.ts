/** How a state of a page is staged: what the server answers, and how one gets there. */
import type { Page } from "playwright-core";

import { me, metrics, operations, overview, readiness } from "../src/testing/factories";

export interface State {
  path?: string;
  serve: (page: Page) => Promise<void>;
  reach: (page: Page) => Promise<void>;
}

/** Where `states.e2e.ts` serves the pages. */
const ORIGIN = "http://127.0.0.1:4179";
export const NOON = Date.parse("2026-06-12T10:00:41Z");

/** By path, or by method and path (`POST /api/x`) where they differ. An answer with `error` is a refusal; `undefined` never comes. */
export type Answers = Record<string, unknown>;

/** The server's refusal in its envelope. */
export const refusal = (message: string, code = "unavailable", status = 503, details: object | null = null, param: string | null = null) => ({
  status,
  error: { message, type: status < 500 ? "invalid_request_error" : "server_error", code, param, details },
});

/** What is answered to people who are not signed in. */
export const open: Answers = { "/api/identity/sign-in": { passwordReset: "email", oidc: [], oidcCallback: "https://hone.example/api/identity/oidc/callback" } };

export const healthy: Answers = {
  ...open,
  "/api/identity/me": me(),
  "/api/ai/overview": overview(NOON),
  "/api/ai/operations": operations(NOON - 1000),
  "/readyz": readiness(),
  // The menu counts what is critical, on every page.
  "/api/ai/alerts": { items: [], total: 0, next: null, open: {} },
  "/api/improvement/turns": { items: [], total: 0, next: null },
  "/api/releases": { items: [], total: 0, next: null },
};

/** Answers every request of the page. */
export async function answer(page: Page, answers: Answers): Promise<void> {
  await page.clock.setFixedTime(NOON);
  await page.route(/\/(api|readyz)/, async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    const body = answers[`${request.method()} ${pathname}`] ?? answers[pathname];
    if (body === undefined) return;
    const refused = typeof body === "object" && body !== null && "error" in body;
    const status = refused ? (body as ReturnType<typeof refusal>).status : 200;
    await route.fulfill({ status, json: body, headers: { "x-request-id": "op_01k9f3m7abcde" } });
  });
}

/** The page as a person who is signed in gets it; `pushed` is whether figures come by themselves. */
export async function signedIn(page: Page, answers: Answers, pushed = true): Promise<void> {
  await answer(page, answers);
  await page.context().addCookies([{ name: "hone_csrf", value: "csrf-of-ada", url: ORIGIN }]);
  await page.routeWebSocket(/\/ws$/, (socket) => {
    socket.send(JSON.stringify({ type: "authenticated" }));
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as { type: string; channel?: string };
      if (message.type !== "subscribe") return;
      socket.send(JSON.stringify({ type: "subscribed", channel: message.channel }));
      if (pushed) socket.send(JSON.stringify(metrics(NOON)));
    });
  });
}
