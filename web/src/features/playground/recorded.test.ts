import { expect, test } from "vitest";

import { recorded } from "./recorded";

test("the last question becomes the draft; what was said before stays before it", () => {
  const read = recorded([
    { role: "system", content: "Be brief." },
    { role: "user", content: "One?" },
    { role: "assistant", content: "1" },
    { role: "user", content: [{ type: "text", text: "Two?" }] },
    { role: "assistant", content: "2" },
  ]);
  expect(read).toMatchObject({ system: "Be brief.", draft: "Two?", leftOut: 0 });
  expect(read.rounds).toHaveLength(1);
  expect(read.rounds[0]).toMatchObject({ prompt: "One?", answers: { left: { state: "kept", text: "1" } } });
});

test("what cannot be sent again is counted, not dropped in silence", () => {
  const image = { type: "image_url", image_url: { url: "data:," } };
  const read = recorded([
    { role: "user", content: [image] },
    { role: "user", content: "What is this?" },
    { role: "assistant", content: null, tool_calls: [] },
    { role: "tool", content: "42" },
  ]);
  expect(read).toMatchObject({ draft: "What is this?", leftOut: 3, rounds: [] });
});
