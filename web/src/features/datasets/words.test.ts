import { expect, test } from "vitest";

import type { Output } from "./shapes";
import { answerOf, byCount, inputText, outputText } from "./words";

import { dataset, emptyDataset, entityExample } from "@/testing/datasets";

test("a dataset says what waits in it, and what it was frozen as", () => {
  expect(answerOf(dataset())).toBe("38 examples wait for review; 7 findings are open. Version 3 is the newest that is frozen.");
  expect(answerOf(dataset({ pending: 1, findings: 0, version: null }))).toBe("1 example waits for review. No version is frozen yet, so nothing was trained on it.");
  expect(answerOf(dataset({ pending: 0, findings: 0 }))).toContain("Nothing waits for you.");
  expect(answerOf(emptyDataset())).toContain("It holds nothing yet");
});

test("inputs and outputs of every kind read as text", () => {
  expect(inputText(null)).toBe("");
  expect(inputText([{ role: "user", content: "Hi" }, { role: "assistant", content: null }])).toBe("user: Hi\nassistant: ");
  expect(outputText("booking")).toBe("booking");
  expect(outputText({ chosen: "Yes.", rejected: "No." })).toBe("Yes.");
  expect(outputText([])).toBe("nothing in it");
  const { input, output } = entityExample();
  expect(outputText(output as Output, input as string)).toBe("guests: eight · date: 14 June · room: garden");
});

test("what is counted comes with the most first", () => {
  expect(byCount({ b: 1, a: 1, c: 5 })).toEqual([["c", 5], ["a", 1], ["b", 1]]);
});
