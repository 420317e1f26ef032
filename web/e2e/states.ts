import type { Page, Route } from "playwright-core";

import { emptyOverview, me, metrics, operations, overview, readiness } from "../src/testing/factories";

export interface State {
  path?: string;
  serve: (page: Page) => Promise<void>;
  reach: (page: Page) => Promise<void>;
}

const NOON = Date.parse("2026-06-12T10:00:41Z");

type Answers = Record<string, unknown>;

const json = (route: Route, body: unknown, status = 200) =>
  route.fulfill({ status, json: body, headers: { "x-request-id": "op_01k9f3m7abcde" } });

const refusal = (message: string) => ({ error: { message, type: "server_error", code: "unavailable", param: null } });

const healthy: Answers = {
  "/api/identity/me": me(),
  "/api/ai/overview": overview(NOON),
  "/api/ai/operations": operations(NOON - 1000),
  "/readyz": readiness(),
};

/** Answers every request of the page; an answer with `error` is a refusal, `undefined` never comes. */
async function answer(page: Page, answers: Answers, status = 503): Promise<void> {
  await page.clock.setFixedTime(NOON);
  await page.route(/\/(api|readyz)/, async (route) => {
    const body = answers[new URL(route.request().url()).pathname];
    if (body === undefined) return;
    const refused = typeof body === "object" && body !== null && "error" in body;
    await json(route, body, refused ? status : 200);
  });
}

async function signedIn(page: Page, answers: Answers): Promise<void> {
  await answer(page, answers);
  await page.addInitScript(() => sessionStorage.setItem("hone.key", "hk_demo"));
  await page.routeWebSocket(/\/ws$/, (socket) => {
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as { type: string; channel?: string };
      if (message.type === "authenticate") socket.send(JSON.stringify({ type: "authenticated" }));
      if (message.type !== "subscribe") return;
      socket.send(JSON.stringify({ type: "subscribed", channel: message.channel }));
      if (answers !== untouched) socket.send(JSON.stringify(metrics(NOON)));
    });
  });
}

const untouched: Answers = {
  ...healthy,
  "/api/ai/overview": emptyOverview(NOON),
  "/api/ai/operations": { items: [], total: 0, next: null },
};

const failing = (() => {
  const base = overview(NOON);
  const errors = Math.round(base.totals.requests * 0.092);
  const series = base.series.map((minute, index) => (index < 48 ? minute : { ...minute, errors: Math.round(minute.requests * 0.42) }));
  const models = base.models.map((model, index) => ({ ...model, errors: Math.round(errors * (index === 0 ? 0.91 : 0.03)) }));
  return { ...base, series, models, totals: { ...base.totals, errors, errorRate: 0.092 } };
})();

const degraded = readiness({
  status: "degraded",
  checks: {
    database: { status: "unavailable", detail: "no connection for 34 s; calls are answered and kept in the spool" },
    drain: { status: "degraded", detail: "1,204 operations wait to be written" },
    spool: { status: "ok" },
    snapshot: { status: "ok" },
  },
});

const latest = (page: Page) => page.getByText("op_01k9f3m").or(page.getByText("assistant-4")).first().waitFor();

export const states: Record<string, State> = {
  live: { serve: (page) => signedIn(page, healthy), reach: latest },
  table: {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.getByRole("region", { name: "Figures of the picture" }).waitFor();
    },
  },
  cursor: {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      const slider = page.getByRole("slider");
      await slider.focus();
      for (let step = 0; step < 12; step++) await page.keyboard.press("ArrowLeft");
    },
  },
  day: {
    path: "/?window=24h",
    serve: (page) => signedIn(page, { ...healthy, "/api/ai/overview": overview(NOON, { window: "24h" }) }),
    reach: latest,
  },
  failing: { serve: (page) => signedIn(page, { ...healthy, "/api/ai/overview": failing }), reach: latest },
  degraded: {
    serve: (page) => signedIn(page, { ...healthy, "/readyz": degraded }),
    reach: (page) => page.getByText("not everything works").waitFor(),
  },
  empty: { serve: (page) => signedIn(page, untouched), reach: (page) => page.getByText("Send the first request").waitFor() },
  waiting: {
    serve: (page) => signedIn(page, { ...healthy, "/api/ai/overview": undefined, "/api/ai/operations": undefined }),
    reach: (page) => page.getByRole("status", { name: "Loading the overview" }).waitFor(),
  },
  error: {
    serve: (page) => signedIn(page, { ...healthy, "/api/ai/overview": refusal("The database does not answer; calls are still served.") }),
    reach: async (page) => {
      await page.getByRole("slider").or(page.getByRole("heading", { name: "Overview" })).waitFor();
      await page.clock.runFor(10_000);
      await page.getByText("could not be loaded").waitFor();
    },
  },
  "sign-in": { serve: (page) => answer(page, {}), reach: (page) => page.getByLabel("API key").waitFor() },
  "sign-in-refused": {
    serve: (page) => answer(page, { "/api/identity/me": { error: { message: "This key is unknown or was revoked." } } }, 401),
    reach: async (page) => {
      await page.getByLabel("API key").fill("hk_typo");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("unknown or was revoked").waitFor();
    },
  },
  menu: {
    serve: (page) => signedIn(page, healthy),
    reach: async (page) => {
      await latest(page);
      const menu = page.getByRole("button", { name: "Menu" });
      if (await menu.isVisible()) await menu.click();
    },
  },
  "not-found": { path: "/nowhere", serve: (page) => answer(page, {}), reach: (page) => page.getByText("no page at this address").waitFor() },
};
