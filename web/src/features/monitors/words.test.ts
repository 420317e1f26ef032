import { expect, test } from "vitest";

import { times, windowWords } from "./budget-words";
import { answerOf, ruleWords } from "./words";

import type { ModelStanding } from "@/api/watch";
import { monitor, monitors, rule } from "@/testing/watch";

test("the page says what is wrong, and what cannot be seen", () => {
  const all = monitors();
  expect(answerOf(all)).toBe("Answers that are right finds something wrong; 1 has nothing to measure yet.");
  expect(answerOf(all.filter(({ state }) => state === "ok"))).toBe("All is right, as far as 4 monitors see.");
  expect(answerOf(all.filter(({ state }) => state === "no_data"))).toBe("No monitor has anything to measure yet.");
  expect(answerOf([])).toBe("Nothing is watched.");
  const calm = all.filter(({ state }) => state === "ok");
  const standing = (modelId: string, status: "critical" | "good") => ({ modelId, status: { status } }) as ModelStanding;
  expect(answerOf(calm, [standing("a", "good")])).toBe("All is right, as far as 4 monitors see.");
  expect(answerOf(calm, [standing("a", "critical"), standing("b", "good")])).toBe("a is critical; no monitor rings for it.");
  expect(answerOf(calm, [standing("a", "critical"), standing("b", "critical")])).toBe("a and 1 other model are critical; no monitor rings for it.");
});

test("a rule reads as a sentence", () => {
  expect(ruleWords(monitor())).toBe("It rings when accuracy of ticket-classifier is below 95.0\u202f% by more than chance over 1 h, on 30 calls at least.");
  expect(ruleWords(monitor({ kind: "objective", model: null, rule: rule({ metric: "availability", target: 0.9999, days: 30 }) }))).toBe(
    "99.99\u202f% of minutes are to be without an outage over 30 days. It rings when the budget for the rest burns too fast.",
  );
  expect(ruleWords(monitor({ kind: "objective", model: null, rule: rule({ metric: "latency", target: 0.95, threshold: 2000, days: 30 }) }))).toContain("answered within 2.00 s");
});

test("rates and windows of a budget read short", () => {
  expect([0, 0.4, 0.036, 7.25, 14.4, 120].map(times)).toEqual(["0×", "0.4×", "0.04×", "7.3×", "14.4×", "120×"]);
  expect([5, 60, 360, 4320].map(windowWords)).toEqual(["5 minutes", "1 hour", "6 hours", "3 days"]);
});
