import { expect, test } from "vitest";

import { csvRows } from "./csv";
import { detect } from "./detect";
import { preview } from "./preview";

test("a file's format is known by what it begins with", () => {
  expect(detect("a.bin", "PAR1\u0000")).toBe("parquet");
  expect(detect("a.json", '[{"input": "x"}]')).toBe("json");
  expect(detect("a.json", '{"input": "x", "output": "y"}')).toBe("json");
  expect(detect("a.json", '{"input": "x"}\n{"input": "y"}\n')).toBe("jsonl");
  expect(detect("a.json", '{\n "items": []\n}')).toBe("json");
  expect(detect("a.jsonl", '\uFEFF{"messages": [{"role": "user"}]}\n')).toBe("openai");
  expect(detect("a.jsonl", '{"messages": [], "output": "x"}\n')).toBe("jsonl");
  expect(detect("a.jsonl", '{"conversations": []}\n')).toBe("hf");
  expect(detect("a.txt", "text,label\nHi,greeting")).toBe("csv");
  expect(detect("a.txt", "  \n")).toBeNull();
  expect(detect("a.exe", "MZ\u0000\u0001")).toBeNull();
});

test("rows of CSV keep quotes, commas and line ends that are quoted", () => {
  expect(csvRows('a,b\r\n"x, ""y""","1\n2"\n\nz,\n', 9)).toEqual([["a", "b"], ['x, "y"', "1\n2"], ["z", ""]]);
  expect(csvRows("a;b\n1;2,5", 9)).toEqual([["a", "b"], ["1", "2,5"]]);
  expect(csvRows("a,b\n1,2\n3,4", 2)).toHaveLength(2);
});

test("the first rows are shown with what will be refused", () => {
  const { rows } = preview("csv", "text,label\nHi,greeting\nWho?,\n,none\n", true);
  expect(rows.map(({ line, output, fault }) => [line, output, fault?.slice(0, 13) ?? null])).toEqual([
    [2, "greeting", null],
    [3, "", "It has no out"],
    [4, "none", "It has no inp"],
  ]);
});

test("the last answer of a chat is its output, and a cut line is not judged", () => {
  const chat = JSON.stringify({ messages: [{ role: "user", content: "Hi" }, { role: "assistant", content: "Hello" }] });
  const { rows } = preview("openai", `${chat}\n{"messages": [{"ro`, false);
  expect(rows).toEqual([{ line: 1, input: "user: Hi · assistant: Hello", output: "", fault: null }]);
  expect(preview("jsonl", "no\n", true).rows[0]?.fault).toContain("no JSON");
  expect(preview("json", '{"data": [{"text": "Hi", "intent": "greeting"}]}', true).rows).toHaveLength(1);
  expect(preview("json", "[", true).note).toContain("no JSON");
});
