import type { Span } from "./shapes";

export interface Segment {
  text: string;
  /** What this part is; null for what lies between. */
  label: string | null;
}

/** A part of a text; places count characters as the server does, not UTF-16 units. */
export const part = (text: string, start: number, end: number): string => Array.from(text).slice(start, end).join("");

/** A text cut where its spans begin and end; a span that lies in another, or outside of the text, is left out. */
export function segments(text: string, spans: readonly Span[]): Segment[] {
  const signs = Array.from(text);
  const cut = (start: number, end: number) => signs.slice(start, end).join("");
  const found: Segment[] = [];
  let at = 0;
  for (const { start, end, label } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at || end > signs.length || end <= start) continue;
    if (start > at) found.push({ text: cut(at, start), label: null });
    found.push({ text: cut(start, end), label });
    at = end;
  }
  if (at < signs.length) found.push({ text: cut(at, signs.length), label: null });
  return found;
}
