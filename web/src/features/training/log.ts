/** A log that grows: what is kept of it, and which lines are shown. Pure but for the asking. */

import { signed } from "@/api/client";
import { refusal } from "@/api/errors";

export interface Log {
  text: string;
  /** How many bytes were read. */
  after: number;
  /** Lines at its beginning that are not kept here; the file has them. */
  dropped: number;
}

export const NOTHING: Log = { text: "", after: 0, dropped: 0 };

/** Lines that a page holds: a browser shows no more of them well. */
const MOST_LINES = 5000;

export const logPath = (id: string) => `/api/training/runs/${encodeURIComponent(id)}/log`;

/** Reads on from where one was; the server says where its piece ends. */
export async function readOn(id: string, before: Log, signal: AbortSignal): Promise<Log> {
  let log = before;
  for (;;) {
    const response = await signed({ method: "GET", path: `${logPath(id)}?after=${log.after}`, signal });
    if (!response.ok) throw await refusal(response);
    const more = await response.text();
    const ends = Number(response.headers.get("x-log-next") ?? log.after);
    if (ends <= log.after) return log;
    log = grown(log, more, ends);
  }
}

export function grown({ text, dropped }: Log, more: string, after: number): Log {
  const lines = (text + more).split("\n");
  const over = Math.max(0, lines.length - MOST_LINES);
  return { text: lines.slice(over).join("\n"), after, dropped: dropped + over };
}

/** The lines with a word in them; all where there is none. */
export function linesOf({ text }: Log, word: string): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const sought = word.trim().toLowerCase();
  return sought === "" ? lines : lines.filter((line) => line.toLowerCase().includes(sought));
}
