import { expect, test } from "vitest";

import { betterShare, draftOf, engineOf, enginesFor, isRight, jobOf, keptForTest, modelName, noDraft, withDataset, wrongName } from "./draft";

import { engines } from "@/testing/training";

const tickets = { id: "ds_1", name: "Tickets of 2026", kind: "intent" };
const chosen = withDataset(noDraft, tickets, false);

test("a dataset says what it teaches, and what the model is called", () => {
  expect([chosen.task, chosen.name]).toEqual(["intent", "Tickets-of-2026"]);
  expect(withDataset({ ...chosen, engine: "intent", params: { c: "2" } }, { ...tickets, kind: "entity" }, true)).toMatchObject({ task: "entity", engine: "", params: {}, name: "Tickets-of-2026" });
});

test("what is usual comes first, and what is not installed last", () => {
  expect(enginesFor(engines(), "intent").map(({ name }) => name)).toEqual(["linear", "intent"]);
  expect(enginesFor(engines(), "sft").map(({ installed }) => installed)).toEqual([false]);
  expect(engineOf(engines(), chosen)?.name).toBe("linear");
});

test("only what was said is sent", () => {
  const engine = engineOf(engines(), chosen);
  expect(jobOf(chosen, engine)).toEqual({
    name: "Tickets-of-2026",
    task: "intent",
    engine: "linear",
    data: { dataset: "Tickets of 2026", version: null },
    params: {},
    resources: {},
    scheduling: { priority: "normal" },
    limits: {},
  });
  expect(jobOf({ ...chosen, wallMinutes: "2", version: "3", memoryGb: "1,5", seed: "0" }, engine)).toMatchObject({ limits: { wallSeconds: 120 }, data: { version: "3" }, resources: { memoryGb: 1.5 }, seed: 0 });
  expect(jobOf(noDraft, engine)).toBeNull();
});

test("what is wrong keeps it from being started", () => {
  const engine = engineOf(engines(), chosen);
  expect(isRight(chosen, engine)).toBe(true);
  expect(isRight({ ...chosen, memoryGb: "much" }, engine)).toBe(false);
  expect(isRight({ ...chosen, name: "-x" }, engine)).toBe(false);
  expect(isRight({ ...chosen, task: "sft" }, engineOf(engines(), { ...chosen, task: "sft" }))).toBe(false);
});

test("names are made to fit, and told when they do not", () => {
  expect(modelName("  Überblick: Tickets ")).toBe("berblick-Tickets");
  expect([wrongName("a.b-c_1"), wrongName("")?.length]).toEqual([null, 16]);
});

test("a run is begun again with what it was begun with", () => {
  const job = jobOf({ ...chosen, params: { epochs: "30" }, testShare: "0.3", memoryGb: "2", wallMinutes: "5", priority: "high" }, engineOf(engines(), chosen));
  expect(draftOf(job as unknown as Record<string, unknown>)).toMatchObject({ dataset: "Tickets of 2026", engine: "linear", params: { epochs: "30" }, testShare: "0.3", memoryGb: "2", wallMinutes: "5", priority: "high" });
});

test("a test that is too small is told, and what would be enough", () => {
  expect([keptForTest(150, noDraft), betterShare(150, noDraft)]).toEqual([15, 0.25]);
  expect(betterShare(400, noDraft)).toBeNull();
  expect(betterShare(40, noDraft)).toBeNull();
  expect(jobOf({ ...chosen, testShare: "0.25" }, engineOf(engines(), chosen))?.data).toEqual({ dataset: "Tickets of 2026", version: null, split: { train: 0.65, validation: 0.1, test: 0.25 } });
});
