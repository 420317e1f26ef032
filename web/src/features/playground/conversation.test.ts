import { expect, test } from "vitest";

import { asked, type Answer } from "./answer";
import { busy, changed, messages, type Round } from "./conversation";

const done = (text: string): Answer => ({ ...asked, state: "done", text });
const failed: Answer = { ...asked, state: "failed", text: "half an ans", error: new Error("cut") };

const rounds: Round[] = [
  { id: 0, prompt: "one", answers: { left: done("1"), right: failed } },
  { id: 1, prompt: "two", answers: { left: done("2") } },
];

test("each side is sent its own conversation, and never an answer that failed", () => {
  const next = changed(rounds, { type: "ask", id: 2, prompt: "three", sides: ["left", "right"] });
  expect(messages(next, "left", 2).map(({ content }) => content)).toEqual(["one", "1", "two", "2", "three"]);
  expect(messages(next, "right", 2).map(({ content }) => content)).toEqual(["three"]);
  expect(busy(next, ["left"])).toBe(true);
  expect(busy(next, [])).toBe(false);
});

test("asking again empties the answer, and going back drops the question and what followed", () => {
  const again = changed(rounds, { type: "again", id: 1, side: "left" });
  expect(again[1]?.answers.left?.state).toBe("waiting");
  expect(changed(rounds, { type: "back", id: 1 }).map(({ id }) => id)).toEqual([0]);
});

test("a piece of an answer lands on its side and nowhere else", () => {
  const next = changed(rounds, { type: "answer", id: 0, side: "right", part: { state: "done", text: "whole" } });
  expect(next[0]?.answers.right).toMatchObject({ state: "done", text: "whole" });
  expect(next[0]?.answers.left).toBe(rounds[0]?.answers.left);
});
