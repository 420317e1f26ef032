import { expect, test } from "vitest";

import { fieldsOf, paramsOf, typedOf, wrongWith } from "./params";

const schema = {
  type: "object",
  properties: {
    c: { type: "number", exclusiveMinimum: 0, description: "How freely it fits." },
    epochs: { type: ["integer", "null"], minimum: 1, maximum: 50, default: 5 },
    classWeights: { type: "boolean", default: true },
    loss: { enum: ["hinge", "log"], default: "hinge" },
    words: { type: "object", properties: { ngrams: { type: "integer", default: 2 } } },
    layers: { type: "array", default: [1, 2] },
  },
};
const fields = fieldsOf(schema, { c: 1.5 });

test("each parameter is a field of its kind, with what is usual", () => {
  expect(fields.map(({ path, kind, usual }) => [path, kind, usual])).toEqual([
    ["c", "number", "1.5"],
    ["epochs", "whole", "5"],
    ["classWeights", "yes-no", "true"],
    ["loss", "choice", "hinge"],
    ["words.ngrams", "whole", "2"],
    ["layers", "json", "[1,2]"],
  ]);
  expect(fieldsOf(null)).toEqual([]);
});

test("only what differs is sent, in its type and its place", () => {
  const typed = { c: "0,5", epochs: "5", classWeights: "false", loss: "", "words.ngrams": "3", layers: "[4]" };
  expect(paramsOf(fields, typed)).toEqual({ c: 0.5, classWeights: false, words: { ngrams: 3 }, layers: [4] });
  expect(typedOf(paramsOf(fields, typed))).toEqual({ c: "0.5", classWeights: "false", "words.ngrams": "3", layers: "[4]" });
});

test("what is wrong is told, and not sent", () => {
  const [c, epochs, , , , layers] = fields;
  if (!c || !epochs || !layers) throw new Error("no fields");
  expect([wrongWith(c, "x"), wrongWith(c, "-1"), wrongWith(epochs, "2.5"), wrongWith(epochs, "51"), wrongWith(layers, "["), wrongWith(epochs, "")]).toEqual([
    "A number.",
    "0 at least.",
    "A whole number.",
    "A number from 1 to 50.",
    "This is not JSON.",
    null,
  ]);
  expect(paramsOf(fields, { epochs: "51", layers: "[" })).toEqual({});
});
