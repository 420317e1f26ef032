import { expect, test } from "vitest";

import { answer } from "./answer";

import type { Overview, Totals } from "@/api/schema";
import { overview } from "@/testing/factories";


const plain = (text: string) => text.replaceAll("\u202f", " ");

/** An hour in which nothing happened that would be worth a word. */
const quiet: Totals = {
  ...overview(Date.parse("2026-06-12T12:00:30Z")).totals,
  requests: 4812,
  errors: 10,
  errorRate: 10 / 4812,
  costUsd: 4.12,
  p95Ms: 1500,
  previous: { requests: 4700, errorRate: 0.002, costUsd: 4.02, p95Ms: 1480 },
};

function say(totals: Partial<Totals>, parts: Partial<Overview> = {}): string {
  return plain(answer(overview(Date.parse("2026-06-12T12:00:30Z"), { ...parts, totals: { ...quiet, ...totals } })));
}

const before = (parts: Partial<Totals["previous"]>) => ({ previous: { ...quiet.previous, ...parts } });

test("an everyday hour is called steady", () => {
  expect(say({})).toBe("Steady: 4,812 requests in the last hour, 0.2 % failed, much as in the hour before.");
});

test("silence is told apart from a stop", () => {
  const nothing = { requests: 0, errors: 0, errorRate: 0, costUsd: 0, p95Ms: null };
  expect(say({ ...nothing, ...before({ requests: 0 }) })).toBe("No requests in the last hour, nor in the hour before.");
  expect(say(nothing)).toBe("No requests in the last hour; there were 4,700 in the hour before.");
});

test("failures come before everything else, with the model that has most of them", () => {
  expect(say({ errors: 443, errorRate: 443 / 4812, costUsd: 40 })).toBe(
    "9.2 % of requests failed in the last hour, up from 0.2 % in the hour before; 70 % of the failures come from assistant-4.",
  );
});

test("a high rate that did not rise is still said, and one failure of two is not", () => {
  expect(say({ errors: 443, errorRate: 443 / 4812, ...before({ errorRate: 0.092 }) }, { models: [] })).toBe(
    "9.2 % of requests failed in the last hour.",
  );
  expect(say({ requests: 20, errors: 1, errorRate: 0.05, ...before({ requests: 20, errorRate: 0 }) })).not.toContain("failed in");
});

test("slower answers name the slowest model", () => {
  expect(say(before({ p95Ms: 1000 }))).toBe(
    "Answers slowed: 95 % arrive within 1.50 s, against 1.00 s in the hour before; the slowest is long-context-1 at 3.90 s.",
  );
  expect(say({ requests: 99, ...before({ p95Ms: 1000, requests: 99, costUsd: 4.1 }) })).not.toContain("slowed");
});

test("costs that moved by a tenth are told with where they go", () => {
  expect(say(before({ costUsd: 3.68 }))).toBe("Costs rose 12 % against the hour before, to $4.12; 81 % of them come from assistant-4.");
  expect(say(before({ costUsd: 8.24 }))).toContain("Costs fell 50 % against the hour before, to $4.12");
});

test("traffic that moved is told when nothing else did", () => {
  expect(say(before({ requests: 3000 }))).toBe("Traffic rose 60 % against the hour before, to 4,812 requests; 0.2 % failed.");
});

test("a first hour has nothing to be compared with", () => {
  expect(say(before({ requests: 0, errorRate: 0, costUsd: 0, p95Ms: null }))).toBe(
    "4,812 requests in the last hour, 0.2 % failed, at a cost of $4.12; there were none in the hour before.",
  );
});
