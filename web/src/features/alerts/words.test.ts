import { expect, test } from "vitest";

import { whereTo } from "./actions";
import { answerOf, deliveryWords, numbersOf, operationsOf, subjectOf } from "./words";

import { percentExact } from "@/lib/format";
import { alert, alertPage } from "@/testing/watch";

test("the page says whether somebody has to act", () => {
  expect(answerOf({ open: {} })).toBe("Nothing is wrong, as far as the monitors see.");
  expect(answerOf({ open: { warning: 1 } })).toBe("One alert is not resolved: 1 warning.");
  expect(answerOf(alertPage())).toBe("3 alerts are not resolved: 1 critical, 1 warning, 1 note.");
});

test("the numbers come with their interval and what they rest on, and nothing of the evidence is hidden", () => {
  expect(numbersOf(alert(), { value: percentExact, threshold: percentExact })).toEqual([
    { name: "Measured", value: "91.2\u202f% (87.7\u202f% to 93.8\u202f%)" },
    { name: "Held against", value: "95.0\u202f%" },
    { name: "It rests on", value: "340 calls" },
    { name: "Before", value: "96.8\u202f%" },
    { name: "Most wrong", value: "billing taken for refund" },
    { name: "Most of them by", value: "ticket-classifier (11)" },
  ]);
  expect(operationsOf(alert())).toHaveLength(11);
  expect(operationsOf(alert({ evidence: { operations: "none" } }))).toEqual([]);
});

test("an alert is of a model, of a route, or of everything", () => {
  expect([subjectOf(alert()), subjectOf(alert({ model: null, route: "assistant" })), subjectOf(alert({ model: null }))]).toEqual(["ticket-classifier", "route assistant", "everything"]);
});

test("it is told who was told, and who has yet to be", () => {
  const [delivered, waiting] = alert().deliveries ?? [];
  expect(delivered && deliveryWords(delivered)).toBe("On call was told that it opened");
  expect(delivered && deliveryWords({ ...delivered, maybeTwice: true })).toBe("On call was told that it opened, perhaps twice");
  expect(waiting && deliveryWords(waiting)).toBe("Webhook could not be told that it opened yet: 6 attempts so far, and it is tried again");
});

test("after an action one stands where its outcome is", () => {
  expect(whereTo({ kind: "retrain" }, { id: "trun_7" })).toBe("/training/trun_7");
  expect(whereTo({ kind: "review" }, { dataset: "ds_7", name: "tickets", calls: 11, added: 11 })).toBe("/datasets/ds_7/review");
  expect(whereTo({ kind: "rollback" }, undefined)).toBeNull();
});
