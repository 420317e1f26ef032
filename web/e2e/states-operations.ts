import type { Page } from "playwright-core";

import { operation } from "../src/testing/factories";
import { judgement } from "../src/testing/feedback";
import { trainingExample } from "../src/testing/knowledge";
import { operationRead } from "../src/testing/operation";

import { healthy, NOON, refusal, signedIn, type Answers, type State } from "./stage";

const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
const one = operationRead();
const items = Array.from({ length: 40 }, (_, index) =>
  operation(NOON - index * index * 900, index, { ...(index === 0 && { id: one.id }), ...(index === 2 && { modelName: hostile, userId: hostile }) }),
);
const value = (name: string, requests: number, label: string | null = null) => ({ value: name, label, requests });

const listed: Answers = {
  ...healthy,
  "/api/ai/operations": { items, total: 40, next: null, searchedUntil: null },
  "/api/ai/operations/facets": {
    model: [value("assistant-4", 812), value("assistant-4-mini", 300), value(hostile, 1)],
    route: [value("assistant", 1113)],
    status: [value("success", 1098), value("error", 15)],
    kind: [value("chat", 1113)],
    errorCode: [value("rate_limited", 15)],
    key: [value("key_01", 1113, "booking-site")],
  },
  "/api/ai/operations/views": { items: [], total: 0, next: null },
  [`/api/ai/operations/${one.id}`]: one,
};
const failedAttempt = { ...one.attempts[0], number: 1, error: "upstream_timeout", errorMessage: `No answer within 30 s. ${hostile}`, status: 504, durationMs: 190, costUsd: 0 };
const failed = operationRead({
  modelName: hostile,
  status: "error",
  errorCode: "upstream_timeout",
  messages: [{ role: "user", content: hostile }],
  attempts: [failedAttempt, { ...failedAttempt, number: 2, startedMs: 200 }] as typeof one.attempts,
});

const rows = (page: Page) => page.getByRole("row").nth(5).waitFor();

export const operationsStates: Record<string, State> = {
  operations: { path: "/operations?last=24h&status=error", serve: (page) => signedIn(page, listed), reach: rows },
  "operations-filter": {
    path: "/operations",
    serve: (page) => signedIn(page, listed),
    reach: async (page) => {
      await rows(page);
      await page.getByRole("button", { name: "Filter", exact: true }).click();
      await page.getByRole("button", { name: "Model", exact: true }).click();
      await page.getByText("Model is any of").waitFor();
    },
  },
  "operations-panel": {
    path: `/operations?open=${one.id}`,
    serve: (page) => signedIn(page, listed),
    reach: (page) => page.getByText("Is breakfast included on Sunday?").waitFor(),
  },
  "operations-empty": {
    path: "/operations",
    serve: (page) => signedIn(page, { ...listed, "/api/ai/operations": { items: [], total: 0, next: null, searchedUntil: null } }),
    reach: (page) => page.getByText("No operations yet").waitFor(),
  },
  "operations-none": {
    path: "/operations?model=absent",
    serve: (page) => signedIn(page, { ...listed, "/api/ai/operations": { items: [], total: 0, next: null, searchedUntil: null } }),
    reach: (page) => page.getByText("No operation matches").waitFor(),
  },
  "operations-waiting": {
    path: "/operations",
    serve: (page) => signedIn(page, { ...listed, "/api/ai/operations": undefined }),
    reach: (page) => page.getByRole("status", { name: "Loading the operations" }).waitFor(),
  },
  "operations-error": {
    path: "/operations",
    serve: (page) => signedIn(page, { ...listed, "/api/ai/operations": refusal("This search takes too long.", "search_too_broad", 422) }),
    reach: (page) => page.getByText("could not be loaded").waitFor(),
  },
  operation: {
    path: `/operations/${one.id}`,
    serve: (page) => signedIn(page, listed),
    reach: (page) => page.getByText("Answered in 412 ms").waitFor(),
  },
  "operation-judged": {
    path: `/operations/${one.id}`,
    serve: (page) => signedIn(page, { ...listed, "/api/ai/feedback": { items: [judgement({ person: { id: "person_01", kind: "person", name: "Ada Moreno" } })], total: 1, next: null }, "/api/ai/training-data": { items: [trainingExample()], total: 1, next: null } }),
    reach: async (page) => {
      await page.getByText("1 judgement, 1 correction").waitFor();
      await page.getByText("in version 3, 2").waitFor();
    },
  },
  "operation-correct": {
    path: `/operations/${one.id}`,
    serve: (page) => signedIn(page, listed),
    reach: async (page) => {
      await page.getByRole("button", { name: "Correct this answer" }).click();
      await page.getByLabel("The right answer").fill("Guests may arrive from 14:00.");
    },
  },
  "operation-failed": {
    path: `/operations/${one.id}`,
    serve: (page) => signedIn(page, { ...listed, [`/api/ai/operations/${one.id}`]: failed }),
    reach: (page) => page.getByText("Failed after 412 ms").waitFor(),
  },
  "operation-missing": {
    path: "/operations/op_nothing",
    serve: (page) => signedIn(page, { ...listed, "/api/ai/operations/op_nothing": refusal("There is no operation 'op_nothing' in this organization.", "not_found", 404) }),
    reach: (page) => page.getByText("could not be loaded").waitFor(),
  },
};
