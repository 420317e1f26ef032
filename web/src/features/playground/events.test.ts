import { expect, test } from "vitest";

import { dataOf } from "./events";

const text = 'data: {"a":"ä"}\r\n\r\n: a comment\nevent: other\ndata:{"b":2}\n\ndata: [DONE]';

async function read(size: number): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const found: string[] = [];
  for await (const data of dataOf(body)) found.push(data);
  return found;
}

test.each([1, 2, 3, 7, 1000])("events are the same in pieces of %i bytes", async (size) => {
  expect(await read(size)).toEqual(['{"a":"ä"}', '{"b":2}', "[DONE]"]);
});
