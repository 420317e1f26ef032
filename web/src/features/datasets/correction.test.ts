import { expect, test } from "vitest";

import { correctionOf, draftOf } from "./correction";
import type { ExampleRead } from "./shapes";

import { entityExample, example } from "@/testing/datasets";

const entities = entityExample() as ExampleRead;
const plain = example(1) as ExampleRead;

test("entities are written a line each, and read back where they stand", () => {
  const text = draftOf(entities);
  expect(text).toBe("guests: eight\ndate: 14 June\nroom: garden");
  expect(correctionOf("entity", text, entities).output).toEqual(entities.output);
});

test("the same words twice are the first and the second", () => {
  const twice = { ...entities, input: "Rome to Rome" };
  expect(correctionOf("entity", "from: Rome\nto: Rome", twice).output).toEqual([
    { start: 0, end: 4, label: "from" },
    { start: 8, end: 12, label: "to" },
  ]);
  expect(correctionOf("entity", "a: Rome\nb: Rome\nc: Rome", twice).fault).toContain("once more");
});

test("what cannot be an output is told in words", () => {
  expect(correctionOf("entity", "garden", entities).fault).toContain("no label");
  expect(correctionOf("entity", "room: cellar", entities).fault).toContain("does not stand in the text");
  expect(correctionOf("response", "  ", plain).fault).toBe("Something should come out.");
  expect(correctionOf("entity", "", entities).output).toEqual([]);
});

test("of two answers the better one is corrected, and the worse stays", () => {
  const pair = { ...plain, output: { chosen: "Yes.", rejected: "No." } };
  expect(correctionOf("preference", "Yes, gladly.", pair).output).toEqual({ chosen: "Yes, gladly.", rejected: "No." });
});
