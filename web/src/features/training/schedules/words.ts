/** Schedules in sentences, and as drafts of a form. Pure. */

import type { ScheduleBody } from "../queries";

import type { Schedule } from "@/api/learning";
import { isZone, nextTimes, readCron } from "@/lib/cron";
import { plural } from "@/lib/format";

export const PRESETS: readonly { value: string; label: string }[] = [
  { value: "0 3 * * *", label: "Every night at 03:00" },
  { value: "0 3 * * 1", label: "Every Monday at 03:00" },
  { value: "0 3 1 * *", label: "On the first of each month at 03:00" },
  { value: "0 */6 * * *", label: "Every six hours" },
];

/** `Every night at 03:00, Europe/Berlin: trains ticket-classifier on ticket-classifier, when 50 examples are new.` */
export function summary({ cron, timezone, job, minNewExamples, window }: Schedule): string {
  const when = PRESETS.find(({ value }) => value === cron)?.label ?? `At ${cron}`;
  const data = typeof job["data"] === "object" && job["data"] !== null && "dataset" in job["data"] ? String(job["data"].dataset) : "its data";
  const only = minNewExamples > 0 ? `, when ${plural(minNewExamples, "example is", "examples are")} new` : "";
  const within = window ? `, between ${window.from} and ${window.to}` : "";
  return `${when}, ${timezone}${within}: trains ${String(job["name"])} on ${data}${only}.`;
}

export interface ScheduleDraft {
  name: string;
  cron: string;
  timezone: string;
  from: string;
  to: string;
  minNewExamples: string;
}

export const noSchedule = (zone: string): ScheduleDraft => ({ name: "", cron: "0 3 * * *", timezone: zone, from: "", to: "", minNewExamples: "" });

export const draftOfSchedule = ({ name, cron, timezone, window, minNewExamples }: Schedule): ScheduleDraft => ({
  name,
  cron,
  timezone,
  from: window?.from ?? "",
  to: window?.to ?? "",
  minNewExamples: minNewExamples === 0 ? "" : String(minNewExamples),
});

export const bodyOf = (draft: ScheduleDraft, job: Record<string, unknown>, enabled: boolean): ScheduleBody => ({
  name: draft.name.trim(),
  cron: draft.cron.trim(),
  timezone: draft.timezone,
  window: draft.from === "" || draft.to === "" ? null : { from: draft.from, to: draft.to },
  job,
  minNewExamples: Number(draft.minNewExamples) || 0,
  enabled,
});

export const wrongCron = (line: string): string | null => {
  const read = readCron(line);
  return typeof read === "string" ? read : null;
};

export const wrongZone = (zone: string): string | null => (isZone(zone) ? null : "A zone such as Europe/Berlin, or UTC.");

export const wrongCount = (text: string): string | null => (text.trim() === "" || /^\d+$/.test(text.trim()) ? null : "A whole number.");

export const isRight = (draft: ScheduleDraft): boolean =>
  draft.name.trim() !== "" && wrongCron(draft.cron) === null && wrongZone(draft.timezone) === null && wrongCount(draft.minNewExamples) === null && (draft.from === "") === (draft.to === "");

/** The next five moments; none while something is wrong. */
export function comes({ cron, timezone }: ScheduleDraft, after: number): number[] {
  const read = readCron(cron);
  return typeof read === "string" || !isZone(timezone) ? [] : nextTimes(read, timezone, after, 5);
}
