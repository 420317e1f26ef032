import { part } from "./segments";
import type { ExampleRead, Kind, Output, Span } from "./shapes";
import { inputText } from "./words";

type Correction = { output: Output; fault: null } | { output: null; fault: string };

/** What is given now, as one writes it: entities a line each, of two replies the better one. */
export function draftOf({ input, output }: ExampleRead): string {
  if (output === null) return "";
  if (typeof output === "string") return output;
  if (!Array.isArray(output)) return output.chosen;
  const text = inputText(input);
  return output.map(({ start, end, label }) => `${label}: ${part(text, start, end)}`).join("\n");
}

/** What was written, as an output; or what is wrong with it, in words. */
export function correctionOf(kind: Kind, text: string, { input, output }: ExampleRead): Correction {
  if (kind === "entity") return entities(text, inputText(input));
  const written = text.trim();
  if (written === "") return { output: null, fault: "Something should come out." };
  if (kind !== "preference") return { output: written, fault: null };
  const was = typeof output === "object" && output !== null && !Array.isArray(output) ? output : { chosen: "", rejected: "" };
  return { output: { ...was, chosen: written }, fault: null };
}

/** Lines such as `city: Berlin`: each is looked for behind the one before it with the same words. */
function entities(text: string, input: string): Correction {
  const spans: Span[] = [];
  /** Where each was found last. */
  const ends = new Map<string, number>();
  const place = (index: number) => Array.from(input.slice(0, index)).length;
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const colon = line.indexOf(":");
    const [label, words] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (colon < 1 || label === "" || words === "") return { output: null, fault: `“${line.trim()}” has no label, colon and words.` };
    const behind = ends.get(words) ?? 0;
    const start = input.indexOf(words, behind);
    if (start < 0) return { output: null, fault: `“${words}” does not stand in the text${behind > 0 ? " once more" : ""}.` };
    ends.set(words, start + words.length);
    spans.push({ start: place(start), end: place(start + words.length), label });
  }
  return { output: spans.sort((a, b) => a.start - b.start), fault: null };
}
