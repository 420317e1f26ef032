/** Runs in sentences. Pure. */

import type { Run, RunDataset, RunState } from "@/api/learning";
import { figuresOf } from "@/lib/evidence";
import { plural } from "@/lib/format";
import { figure, headline, measureInWords } from "@/lib/measures";
import { span } from "@/lib/time";

export const states: Record<RunState, string> = {
  queued: "Waiting",
  starting: "Starting",
  running: "Training",
  proving: "Proving",
  pausing: "Pausing",
  paused: "Paused",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

const AT_WORK: readonly RunState[] = ["starting", "running", "proving", "pausing"];
const OVER: readonly RunState[] = ["succeeded", "failed", "cancelled"];

export const isAtWork = ({ state }: Pick<Run, "state">): boolean => AT_WORK.includes(state);
export const isOver = ({ state }: Pick<Run, "state">): boolean => OVER.includes(state);

/** What can be done to a run in this state. */
export function offered({ state }: Pick<Run, "state">): { pause: boolean; resume: boolean; cancel: boolean; retry: boolean } {
  return {
    pause: ["starting", "running"].includes(state),
    resume: state === "paused",
    cancel: !OVER.includes(state),
    retry: state === "failed" || state === "cancelled",
  };
}

/** Whether a run tries other values of its parameters. */
export const searches = ({ spec }: Pick<Run, "spec">): boolean => typeof spec["search"] === "object" && spec["search"] !== null;

/** How long a run took, or has taken so far, in seconds; null before it began. */
export function tookSeconds({ startedAt, endedAt }: Pick<Run, "startedAt" | "endedAt">, now: number): number | null {
  if (startedAt === null) return null;
  return Math.max(0, Math.round(((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000));
}

/** What is left of a run that trains: by how far it came, and before that by the estimate. */
export function leftOf(run: Run, now: number): string | null {
  if (run.state !== "running" && run.state !== "proving") return null;
  const took = tookSeconds(run, now);
  if (took === null) return null;
  const left = run.progress >= 0.05 ? (took * (1 - run.progress)) / run.progress : run.estimate.durationSeconds.likely - took;
  if (!Number.isFinite(left)) return null;
  return left < 5 ? "a few seconds left" : `about ${roughly(left)} left`;
}

/** To one unit: nobody knows it better. */
export function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** The page's answer: what trains, what waits, or how the last one ended. */
export function answerOf(runs: readonly Run[], now: number): string {
  const working = runs.filter(isAtWork);
  const waiting = runs.filter(({ state }) => state === "queued").length;
  if (working.length + waiting > 0) return `${trains(working, now)}${waiting === 0 ? "" : `; ${waiting === 1 ? "1 waits" : `${waiting} wait`}`}.`;
  const last = runs.find(isOver);
  return last === undefined ? "" : `Nothing trains. The last one, ${last.model}, ${howItEnded(last, now)}.`;
}

function trains([first, ...others]: readonly Run[], now: number): string {
  if (first === undefined) return "Nothing trains";
  if (others.length > 0) return `${plural(others.length + 1, "run")} train`;
  const left = leftOf(first, now);
  return `${first.model} trains${left ? `, ${left}` : ""}`;
}

function howItEnded(run: Run, now: number): string {
  const told = headline(figuresOf(run.figures));
  const reached = told ? `reached ${figure(told.name, told.value)} ${measureInWords(told.name)}` : "succeeded";
  const took = tookSeconds(run, now);
  const how = run.state === "succeeded" ? reached : run.state === "failed" ? "failed" : "was cancelled";
  return took === null ? how : `${how} in ${span(took)}`;
}

/** `ticket-classifier v3`. */
export function datasetOf({ id, name, version }: RunDataset): string {
  const [number] = version === null ? [] : version.split(":").slice(-1);
  return `${name ?? id}${number === undefined ? "" : /^\d+$/.test(number) ? ` v${number}` : ` ${number}`}`;
}
