/** Figures beside their bars, as Markdown. */
import { appendFileSync } from "node:fs";

export interface Figures {
  what: string;
  /** In milliseconds. */
  durations: number[];
}

/** Prints a table, and adds it to the file that BENCH_OUT names. */
export function report(title: string, intro: string, barMs: number, measured: Figures[]): void {
  const lines = measured.map(({ what, durations }) => {
    const sorted = durations.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const worst = sorted.at(-1) ?? 0;
    return `| ${what} | ${Math.round(median)} | ${Math.round(worst)} | ${barMs} | ${worst <= barMs ? "met" : "MISSED"} |`;
  });
  const text = [`## ${title}`, "", intro, "", "| what | median, ms | worst, ms | bar, ms | |", "|---|---|---|---|---|", ...lines, "", ""].join("\n");
  console.log(text);
  const out = process.env["BENCH_OUT"];
  if (out) appendFileSync(out, text);
}
