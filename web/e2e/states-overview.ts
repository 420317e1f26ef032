import type { Page } from "playwright-core";

import { emptyOverview, overview, readiness } from "../src/testing/factories";
import { promoted, turn } from "../src/testing/improvement";
import { summary } from "../src/testing/releases";
import { alertPage } from "../src/testing/watch";

import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

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

/** One model learns, one has a better version, and a bad version went back. */
const changing: Answers = {
  ...healthy,
  "/api/improvement/turns": { items: [turn({ state: "comparing", awaiting: null, words: "Both versions are compared: 31 of 50 users or conversations.", versionNumber: "1.3.0" }), { ...promoted(), id: "turn_02", model: "faq-answers" }], total: 2, next: null },
  "/api/releases": { items: [summary({ id: "rel_09", state: "rolled_back", version: "1.2.1", words: "Accuracy got worse: 61.0 % against 93.4 %, beyond the margin of 5.0 points. It goes back.", endedAt: new Date(NOON - 3_600_000).toISOString() })], total: 1, next: null },
};

const degraded = readiness({
  status: "degraded",
  checks: {
    database: { status: "unavailable", detail: "no connection for 34 s; calls are answered and kept in the spool" },
    drain: { status: "degraded", detail: "1,204 operations wait to be written" },
    spool: { status: "ready", detail: "Works." },
    snapshot: { status: "ready", detail: "Works." },
  },
});

/** The newest operations are on the page. */
export const latest = (page: Page) => page.getByText("op_…").or(page.getByText("assistant-4")).first().waitFor();

export const overviewStates: Record<string, State> = {
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
  failing: { serve: (page) => signedIn(page, { ...healthy, "/api/ai/overview": failing, "/api/ai/alerts": alertPage() }), reach: latest },
  changing: { serve: (page) => signedIn(page, changing), reach: (page) => page.getByRole("heading", { name: "What is changing" }).waitFor() },
  degraded: {
    serve: (page) => signedIn(page, { ...healthy, "/readyz": degraded }),
    reach: (page) => page.getByText("not everything works").waitFor(),
  },
  empty: { serve: (page) => signedIn(page, untouched, false), reach: (page) => page.getByText("Send the first request").waitFor() },
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
};
