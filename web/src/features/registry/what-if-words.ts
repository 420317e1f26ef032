/** A replay in sentences. Pure. */

import type { Estimate, WhatIf } from "@/api/schema.gen";
import { count, percent, plural } from "@/lib/format";
import { clockTime, shortTime } from "@/lib/time";

/** Below this part a difference is none that one would act upon. */
const SAME = 0.02;

/** How much larger the estimate is than the fact, 0.1 for a tenth; null where that says nothing. */
export function change({ fact, estimate }: Estimate): number | null {
  return fact === null || estimate === null || fact === 0 ? null : (estimate - fact) / fact;
}

/** It may as well be what it was. */
export function unsure({ fact, low, high }: Estimate): boolean {
  return fact !== null && low !== null && high !== null && low < high && low <= fact && fact <= high;
}

/** `−45 %`, `+3.0 %`, `same`. */
export function changeWords(measure: Estimate): string {
  const found = change(measure);
  if (found === null) return measure.fact === measure.estimate && measure.fact !== null ? "same" : "";
  if (Math.abs(found) < SAME / 4) return "same";
  return `${found < 0 ? "−" : "+"}${percent(Math.abs(found))}`;
}

function compared(measure: Estimate, less: string, more: string, same: string): string | null {
  const found = change(measure);
  if (found === null) return null;
  if (Math.abs(found) < SAME || unsure(measure)) return same;
  return `${percent(Math.abs(found))} ${found < 0 ? less : more}`;
}

/** `45 % cheaper, 12 % faster; 3 more calls would have failed.` */
export function summary({ basis, measures }: WhatIf): string {
  if (basis.calls === 0) return "No call was recorded yet, so there is nothing to send again.";
  const cost = compared(measures.costUsd, "cheaper", "dearer", "as dear as it was");
  const speed = compared(measures.p50Ms, "faster", "slower", "as fast as it was");
  const said = [cost, speed ?? "how fast is unknown"].filter((each) => each !== null).join(", ");
  const failed = (measures.failed.estimate ?? 0) - (measures.failed.fact ?? 0);
  const fails =
    failed === 0 || unsure(measures.failed) ? "" : `; ${plural(Math.abs(failed), failed > 0 ? "more call" : "fewer call")} would have failed`;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${fails}.`;
}

/** Which calls these are, and which are left out. */
export function basisWords({ basis }: WhatIf): string {
  const { kind, calls, since, until, route } = basis;
  if (calls === 0 || since === null || until === null) return "Once calls came, they are sent again through what you change here.";
  const sameDay = new Date(since).toDateString() === new Date(until).toDateString();
  const when = `${shortTime(since)} to ${sameDay ? clockTime(until) : shortTime(until)}`;
  const whose = kind === "route" ? `of ${route ?? "this route"}` : "of all routes, as this one has none of its own yet";
  return `${calls === 1 ? "The last call" : `The last ${count(calls)} calls`} ${whose} (${when}), sent again through this draft.`;
}

/** What nobody can know of the replay. */
export function unknowns({ basis, unknown, notes }: WhatIf): string[] {
  const { calls } = basis;
  const of = (some: number) => (some === calls ? "any call" : `${count(some)} of ${plural(calls, "call")}`);
  return [
    unknown.times > 0 && `How long ${of(unknown.times)} would have taken is unknown: the model has not answered before. Times are of the others.`,
    unknown.outcome > 0 && `Whether ${of(unknown.outcome)} would have been answered is unknown; counted as failed.`,
    unknown.prices > 0 && `Counted as free of charge, as the model has no price: ${plural(unknown.prices, "call")}.`,
    basis.ended > 0 && `Left out: ${plural(basis.ended, "call")} whose client left, or that a restart ended.`,
    basis.unfit > 0 && `Left out: ${plural(basis.unfit, "call")} that none of these models can take.`,
    ...notes.map(({ message }) => message),
  ].filter((each) => each !== false);
}
