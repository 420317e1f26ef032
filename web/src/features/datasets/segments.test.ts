import { expect, test } from "vitest";

import { segments } from "./segments";

const span = (start: number, end: number, label = "x") => ({ start, end, label });
const told = (text: string, ...spans: ReturnType<typeof span>[]) => segments(text, spans).map(({ text: part, label }) => (label === null ? part : `[${part}]`));

test("a text is cut where its spans are, and nothing of it is lost", () => {
  expect(told("to Berlin now", span(3, 9))).toEqual(["to ", "[Berlin]", " now"]);
  expect(told("abc", span(2, 3), span(0, 1))).toEqual(["[a]", "b", "[c]"]);
  expect(told("abc")).toEqual(["abc"]);
});

test("places count characters, as the server does", () => {
  expect(told("🎉 in May", span(5, 8))).toEqual(["🎉 in ", "[May]"]);
});

test("a span that lies in another, or outside, is left out", () => {
  expect(told("abcdef", span(0, 4), span(1, 2), span(5, 9), span(3, 3))).toEqual(["[abcd]", "ef"]);
});
