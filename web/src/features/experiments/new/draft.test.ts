import { expect, test } from "vitest";

import { bodyOf, changeOf, draftOf, noDraft, planOf, problems, watchedAs, withArm, withoutArm, withPrimary, withTarget, withWatched } from "./draft";

import { experiment } from "@/testing/experiments";

const route = { name: "assistant", kind: "route" as const, versions: [] };
const chosen = withTarget({ ...noDraft, name: " A shorter prompt " }, route);
const ready = { ...chosen, arms: chosen.arms.map((arm, index) => (index === 1 ? { ...arm, ref: "small" } : arm)) };

test("what is called is what answers today", () => {
  expect(chosen.arms[0]).toMatchObject({ name: "control", kind: "route", ref: "assistant" });
  expect(withTarget(noDraft, { name: "tickets", kind: "trained", versions: ["1.3.0", "1.2.0"] }).arms[1]).toMatchObject({ kind: "version", ref: "1.3.0" });
  expect(withTarget(noDraft, { name: "tickets", kind: "trained", versions: [] }).arms[1], "there is no other version of it").toMatchObject({ kind: "model", ref: "" });
});

test("what was chosen to be tried stays where it can be tried", () => {
  const versions = withTarget(noDraft, { name: "tickets", kind: "trained", versions: ["1.3.0"] });
  expect(withTarget(versions, route).arms[1], "a version is of one model").toMatchObject({ kind: "model", ref: "" });
  const another = { name: "short", kind: "route" as const, versions: [] };
  expect(withTarget(ready, another).arms[1]).toMatchObject({ kind: "model", ref: "small" });
  expect(withTarget(ready, { name: "small", kind: "model", versions: [] }).arms[1], "nothing is tried against itself").toMatchObject({ ref: "" });
});

test("each step says what it still needs", () => {
  expect(problems(noDraft)).toMatchObject({ Question: "Give it a name.", Arms: "Choose what treatment answers with.", Measures: null, Audience: null });
  expect(Object.values(problems(ready)).every((each) => each === null)).toBe(true);
  expect(problems({ ...ready, arms: ready.arms.map((arm) => ({ ...arm, share: "40" })) }).Arms).toBe("The shares make 100 % together.");
  expect(problems({ ...ready, arms: ready.arms.map((arm) => ({ ...arm, name: "a" })) }).Arms).toBe("Two arms have one name.");
  expect(problems({ ...ready, coverage: "0", effect: "none" })).toMatchObject({ Audience: "A number from 1 to 100.", Duration: "A number from 0.1 to 1000." });
});

test("arms share evenly as they come and go", () => {
  const three = withArm(ready);
  expect(three.arms.map(({ name, share }) => [name, share])).toEqual([["control", "34"], ["treatment", "33"], ["treatment-2", "33"]]);
  expect(withoutArm(three, 2).arms.map(({ share }) => share)).toEqual(["50", "50"]);
});

test("a measure is one thing at a time", () => {
  const changed = withPrimary(ready, "error_rate");
  expect([changed.primary, watchedAs(changed, "error_rate")]).toEqual(["error_rate", "no"]);
  const watched = withWatched(ready, "cost_usd", "guardrail");
  expect([watchedAs(watched, "cost_usd"), watched.secondary, watched.guardrails["cost_usd"]]).toEqual(["guardrail", [], "5"]);
  expect(watchedAs(withWatched(watched, "cost_usd", "no"), "cost_usd")).toBe("no");
});

test("what is sent is what was chosen", () => {
  expect(planOf(chosen)).toBeNull();
  expect(bodyOf(ready)).toEqual({
    name: "A shorter prompt",
    hypothesis: "",
    mode: "fixed",
    target: "assistant",
    unit: "user",
    arms: [
      { name: "control", kind: "route", ref: "assistant", share: 0.5 },
      { name: "treatment", kind: "model", ref: "small", share: 0.5 },
    ],
    metrics: [
      { key: "positive_feedback", role: "primary" },
      { key: "error_rate", role: "guardrail", margin: 0.05 },
      { key: "latency_ms", role: "guardrail", margin: 0.2 },
      { key: "cost_usd", role: "secondary" },
    ],
    method: "always_valid",
    minimumEffect: 0.05,
  });
  const prompt = { ...ready, coverage: "20", arms: ready.arms.map((arm, index) => (index === 1 ? { ...arm, kind: "prompt" as const, ref: "", prompt: " Be brief. " } : arm)) };
  expect(planOf(prompt)).toMatchObject({ coverage: 0.2, arms: [{}, { name: "treatment", kind: "prompt", prompt: "Be brief.", share: 0.5 }] });
});

test("a draft that is opened again says what it said, and only what is otherwise is sent", () => {
  const before = experiment({ state: "draft", coverage: 0.2, metrics: [...experiment().metrics, { key: "politeness", role: "secondary", direction: "up", kind: "mean", margin: null }] });
  const opened = draftOf(before);
  expect(opened).toMatchObject({ name: "A shorter prompt", primary: "resolved", guardrails: { error_rate: "5", latency_ms: "20" }, secondary: ["cost_usd", "politeness"], coverage: "20", effect: "5" });
  expect(bodyOf(opened)?.metrics.at(-1)).toEqual({ key: "politeness", role: "secondary" });
  expect(changeOf(before, opened)).toEqual({ version: 3 });
  expect(changeOf(before, { ...opened, name: "Shorter still", coverage: "100" })).toEqual({ version: 3, name: "Shorter still", coverage: 1 });
  expect(changeOf(before, { ...opened, name: " " })).toBeNull();
});
