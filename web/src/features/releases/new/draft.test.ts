import { expect, test } from "vitest";

import { bodyOf, guardDrafts, isRight, noDraft, stepDrafts, wrongPercent } from "./draft";

const chosen = { ...noDraft, name: "tickets", version: "1.3.0" };

test("only what was said is sent", () => {
  expect(bodyOf(noDraft, true)).toBeNull();
  expect(bodyOf(chosen, true)).toEqual({ name: "tickets", version: "1.3.0", strategy: "canary" });
  expect(bodyOf({ ...chosen, share: "2,5", reason: " better ", promotion: "approval" }, true)).toEqual({ name: "tickets", version: "1.3.0", strategy: "canary", share: 0.025, reason: "better", plan: { promotion: "approval" } });
  expect(bodyOf({ ...chosen, strategy: "shadow", share: "5" }, true)).not.toHaveProperty("share");
});

test("a version that did not pass its gates says why it is released", () => {
  expect(bodyOf({ ...chosen, override: "It is only for one customer." }, false)).toHaveProperty("override.reason", "It is only for one customer.");
  expect(bodyOf({ ...chosen, override: "It is only for one customer." }, true)).not.toHaveProperty("override");
});

test("steps and guardrails are typed as they are read, and sent as they were", () => {
  const steps = [{ share: 0.05, hold: { units: 200, seconds: 600 }, approval: false }];
  const guardrails = [{ metric: "rating" as const, margin: 0.2, direction: null, alpha: 0.05, action: "hold" as const }];
  expect(stepDrafts(steps)).toEqual([{ percent: "5", units: "200", minutes: "10", approval: false }]);
  expect(bodyOf({ ...chosen, steps: stepDrafts(steps), guards: guardDrafts(guardrails) }, true)?.plan).toEqual({ steps, guardrails: [{ metric: "rating", margin: 0.2, action: "hold" }] });
});

test("what is wrong keeps it from being started", () => {
  expect([wrongPercent("x"), wrongPercent("101"), wrongPercent("")]).toEqual(["A number from 0.01 to 100.", "A number from 0.01 to 100.", null]);
  expect(isRight({ ...chosen, steps: [{ percent: "5", units: "-1", minutes: "", approval: false }] })).toBe(false);
  expect(bodyOf({ ...chosen, share: "much" }, true)).toBeNull();
});
