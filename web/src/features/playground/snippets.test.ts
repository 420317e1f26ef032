import { expect, test } from "vitest";

import { request } from "./ask";
import { snippet } from "./snippets";

const settings = { system: "Don't guess.", temperature: 0, maxTokens: null, stream: true };
const body = request("assistant", [{ role: "user", content: 'Say "hi"\nand \u2028 it\'s done' }], settings);
const origin = "http://127.0.0.1:8700";

test("the request carries what differs from the model's defaults, and nothing else", () => {
  expect(body).toEqual({
    model: "assistant",
    messages: [{ role: "system", content: "Don't guess." }, { role: "user", content: 'Say "hi"\nand \u2028 it\'s done' }],
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(request("a", [], { system: " ", temperature: null, maxTokens: null, stream: false })).toEqual({ model: "a", messages: [] });
});

test("a quote ends no string in any language", () => {
  expect(snippet("curl", origin, body)).toContain(`Don'\\''t guess.`);
  expect(snippet("Python", origin, body)).toContain(`"content": "Don't guess."`);
  expect(snippet("Python", origin, body)).toContain("stream=True");
  expect(snippet("Python", origin, body)).toContain(String.raw`Say \"hi\"\nand`);
  expect(snippet("Node", origin, body)).toContain(`"content": "Don't guess."`);
});
