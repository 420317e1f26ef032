/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), as far as chat completions use them. */

/** Yields the data of each event as it comes, whatever pieces the bytes arrive in. */
export async function* dataOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.flatMap(data);
    }
    yield* data(rest);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function data(line: string): string[] {
  const text = line.replace(/\r$/, "");
  return text.startsWith("data:") ? [text.slice(5).trimStart()] : [];
}
