/** Releases in sentences. Pure. */

import type { Release, ReleaseState, ReleaseStep, ReleaseStrategy, ReleaseSummary } from "@/api/releases";
import { count, percent, plural } from "@/lib/format";
import { outcomeChange, outcomeInWords } from "@/lib/outcomes";
import { span } from "@/lib/time";

export const states: Record<ReleaseState, string> = {
  pending: "Waiting",
  preparing: "Preparing",
  running: "Rolling out",
  holding: "Holding",
  promoting: "Promoting",
  succeeded: "Succeeded",
  rolling_back: "Rolling back",
  rolled_back: "Rolled back",
  cancelled: "Cancelled",
  failed: "Failed",
};

export const strategies: Record<ReleaseStrategy, { name: string; help: string }> = {
  canary: { name: "Canary: a small part first", help: "A few people get the new version. When nothing got worse for them, everybody does." },
  gradual: { name: "Gradual: step by step", help: "More and more people get it; each step waits until the one before has shown no harm." },
  shadow: { name: "Shadow: copies only", help: "It answers copies of real calls that nobody sees. What it says and takes is compared, at no risk." },
  blue_green: { name: "Blue-green: all at once, both ready", help: "The new version is made ready beside the old one, then takes every call; the old one waits to take over again." },
  immediate: { name: "At once", help: "It takes every call as soon as it is ready. For what cannot wait." },
};

const OVER: readonly ReleaseState[] = ["succeeded", "rolled_back", "cancelled", "failed"];
export const isOver = ({ state }: Pick<ReleaseSummary, "state">): boolean => OVER.includes(state);

const UNITS: Record<Release["plan"]["unit"], [string, string]> = { user: ["person", "people"], conversation: ["conversation", "conversations"] };

type WithUnit = Pick<Release["plan"], "unit">;

/** What a step waits for: `until 200 people have had it and 10 min have passed`. */
export function waitsFor({ hold: { units, seconds }, approval }: ReleaseStep, { unit }: WithUnit): string {
  const [one, many] = UNITS[unit];
  const told = [units > 0 && plural(units, one, many), seconds > 0 && span(Math.round(seconds)), approval && "your word"].filter(Boolean);
  return told.length === 0 ? "no wait" : told.join(", ");
}

/** `1 person`, `130 conversations`. */
export const unitsIn = (many: number, unit: Release["plan"]["unit"]): string => plural(many, ...UNITS[unit]);

/** `130 of 200 people`. */
export const unitsOf = (done: number, wanted: number, { unit }: WithUnit): string => `${count(Math.min(done, wanted))} of ${plural(wanted, ...UNITS[unit])}`;

/** A share that was planned: it is that and no other, so no digit says how sure it is. */
export const planned = (share: number): string => `${Math.round(share * 1000) / 10}\u202f%`;

/** What the steps of a plan come to in one line: `5 %, 25 %, 50 %, then all`. */
export function rampOf(steps: readonly Pick<ReleaseStep, "share">[]): string {
  const shares = steps.filter(({ share }) => share < 1).map(({ share }) => planned(share));
  return shares.length === 0 ? "all at once" : `${shares.join(", ")}, then all`;
}

/** How far a release that shares traffic is. */
export function shareOf({ state, share, strategy }: Pick<ReleaseSummary, "state" | "share" | "strategy">): string {
  if (state === "succeeded") return percent(1);
  if (strategy === "shadow" && share === null) return isOver({ state }) ? percent(0) : "copies";
  return planned(isOver({ state }) ? 0 : (share ?? 0));
}

/** What going back does, in a sentence. */
export function willGoBack({ version, former, state, name }: Pick<ReleaseSummary, "version" | "former" | "state" | "name">): string {
  const back = former === null ? `nothing was live before, so calls of ${name} are refused in words` : `${former} answers every call of ${name} again`;
  return state === "succeeded" ? `${version} is taken out of force: ${back}.` : `${version} gets no call any more: ${back}, within a second.`;
}

/** How much worse is borne, in words: of latency and cost as a part. */
export function marginOf(metric: string, margin: number): string {
  if (margin === 0) return `${outcomeInWords(metric)} not worse at all`;
  const much = PARTS.includes(metric) ? percent(margin) : outcomeChange(metric, margin).replace(/^[+−]/, "");
  return `${outcomeInWords(metric)} worse by ${much} at most`;
}

/** Metrics whose margin is a part of what is live. */
export const PARTS: readonly string[] = ["latency_ms", "cost_usd", "tokens"];

/** The page's answer for all releases. */
export function answerOf(releases: readonly Pick<ReleaseSummary, "state" | "name" | "version" | "share">[]): string {
  const under = releases.filter((release) => !isOver(release));
  const [first] = under;
  if (releases.length === 0) return "";
  if (!first) return "Nothing is being released.";
  const waiting = under.filter(({ state }) => state === "holding").length;
  const told = under.length === 1 ? `${first.name} ${first.version} is on its way${first.share === null ? "" : ` at ${planned(first.share)}`}` : `${under.length} releases are on their way`;
  if (waiting === 0) return `${told}.`;
  return under.length === 1 ? `${told}; it holds.` : `${told}; ${waiting} ${waiting === 1 ? "holds" : "hold"}.`;
}

/** A length that is only estimated: to one unit. */
export function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return plural(Math.round(seconds / 3600), "hour");
  return plural(Math.round(seconds / 86_400), "day");
}
