import { expect, test } from "vitest";

import { bodyOf, draftOf } from "./draft";

import { policy } from "@/testing/improvement";

test("a new policy has the usual triggers, and asks before it releases", () => {
  expect(bodyOf(draftOf(null), null)).toBeNull();
  expect(bodyOf({ ...draftOf(null), model: "ticket-classifier" }, null)).toMatchObject({
    model: "ticket-classifier",
    triggers: [{ kind: "accuracy_below", below: 0.95, windowHours: 168, least: 30 }, { kind: "new_examples", count: 1000 }, { kind: "interval", hours: 24 }],
    debounceSeconds: 300,
    budget: { runsPerDay: 4, costUsdPerMonth: null },
    approvals: ["release"],
    release: { strategy: "canary", shadow: false, compare: { metric: "accuracy" } },
  });
});

test("what the form does not show stays as it is", () => {
  const present = policy();
  const body = bodyOf({ ...draftOf(present), below: "90" }, present);
  expect(body?.triggers?.[0]).toEqual({ kind: "accuracy_below", below: 0.9, windowHours: 48, least: 60 });
  expect(body?.release?.plan).toEqual(present.release.plan);
  expect(body).not.toHaveProperty("model");
});

test("a trigger that is off is not checked, one that is on is", () => {
  const draft = { ...draftOf(policy()), corrections: "many" };
  expect(bodyOf(draft, policy())).not.toBeNull();
  expect(bodyOf({ ...draft, on: { ...draft.on, feedback_batch: true } }, policy())).toBeNull();
});
