/** Versions in sentences. Pure. */

import type { ReleaseSummary } from "@/api/releases";
import type { Environment, HistoryEntry, Predictor, ServedModel, TrainedModel, VersionRead, VersionState, VersionSummary } from "@/api/versions";
import { figuresOf, versusOf } from "@/lib/evidence";
import { plural, points } from "@/lib/format";
import { figure, headline, measure, measureInWords } from "@/lib/measures";

export const states: Record<VersionState, string> = { candidate: "Candidate", live: "Live", staged: "In staging", retired: "Retired", deprecated: "Deprecated" };

export const environments: Record<Environment, string> = { production: "production", staging: "staging", ab_test: "an experiment" };

export const actions: Record<HistoryEntry["action"], string> = { promoted: "put in force", rolled_back: "put in force again", deprecated: "deprecated", retired: "taken out of force" };

/** `94.2 % accuracy`; empty where nothing was measured. */
export function worth({ figures }: Pick<VersionSummary, "figures">): string {
  const told = headline(figuresOf(figures));
  return told ? `${figure(told.name, told.value)} ${measureInWords(told.name)}` : "";
}

/** The page's answer for all models. */
export function answerOf(models: readonly TrainedModel[], undone: readonly ReleaseSummary[] = []): string {
  if (models.length === 0) return "";
  const live = models.filter(({ live: { production } }) => production !== null).length;
  const waiting = models.filter((model) => hasBetter(model) && !newestWentBack(model, undone)).length;
  const rest = waiting === 0 ? "" : `; ${waiting === 1 ? "1 has a newer version that passed its gates" : `${waiting} have newer versions that passed their gates`}`;
  return `${live} of ${plural(models.length, "model")} ${live === 1 ? "is" : "are"} in force${rest}.`;
}

/** The newest version is not live, and could be. */
export function hasBetter({ versions: [newest] }: TrainedModel): boolean {
  return newest?.state === "candidate" && newest.gatePassed;
}

/** The release of the newest version went back: it passed its gates, and traffic said otherwise. */
export const newestWentBack = ({ name, versions: [newest] }: TrainedModel, undone: readonly ReleaseSummary[]): boolean =>
  newest?.state === "candidate" && undoneOf(newest.version, undone.filter((release) => release.name === name)) !== undefined;

/** What the newest version is, beside what is live; empty where there is nothing to say. */
export function newestInWords(model: TrainedModel, undone: readonly ReleaseSummary[]): string {
  const [newest] = model.versions;
  if (!newest || !hasBetter(model)) return "";
  const back = undoneOf(newest.version, undone);
  return back ? `${newest.version} passed its gates but its release went back: ${back.words}` : `${newest.version} is newer and passed its gates.`;
}

/** The release of a version that went back, if one did. */
export const undoneOf = (version: string, undone: readonly ReleaseSummary[]) => undone.find((release) => release.version === version);

/** The answer for one version: whether it is better, and whether it may go into force. */
export function verdict({ gate, comparison, state, version }: VersionRead): string {
  const moved = versusOf(comparison);
  const [first] = moved?.metrics ?? [];
  const how = first ? betterWords(first) : null;
  if (state === "live") return `${version} is live${how ? `: when it was made, ${how}` : ""}.`;
  const failed = gate.checks.filter(({ passed }) => !passed).length;
  const may = gate.passed ? "It passed its gates" : `It did not pass ${plural(failed, "gate")}`;
  return how ? `${may}: ${how}.` : `${may}; there was no live version to compare it with.`;
}

function betterWords({ name, difference, low, high }: { name: string; difference: number; low: number | null; high: number | null }): string {
  const moved = `${measure(name)} ${points(difference)}`;
  if (low === null || high === null) return moved;
  const range = `95 %: ${points(low).replace(" points", "")} to ${points(high).replace(" points", "")}`;
  if (low > 0) return `${moved}, more than chance explains (${range})`;
  if (high < 0) return `${moved}, worse than chance explains (${range})`;
  return `${moved}, which may be chance (${range})`;
}

/** `By ada@example.org: better on refunds.` */
export function because({ action, actor, reason, override }: HistoryEntry, who: (id: string) => string): string {
  // Where nobody gave a reason the server writes what was done.
  const why = reason.toLowerCase().replaceAll(" ", "_") === action ? null : reason;
  const told = [why, override && `Its gates were overridden: ${override.reason}`].filter(Boolean).map((each) => `${String(each).replace(/[.\s]+$/, "")}.`);
  return `By ${who(actor)}${told.length > 0 ? `: ${told.join(" ")}` : "."}`;
}

/** What a promotion changes, in a sentence. */
export function willChange(version: string, environment: Environment, before: string | null | undefined, name: string): string {
  const where = environment === "production" ? `Every call of ${name}` : `Every call of ${name} in ${environments[environment]}`;
  return before == null ? `${where} is answered by ${version} from then on; nothing answered before.` : `${where} is answered by ${version} instead of ${before}, within a second.`;
}

/** Why calls of a model are not answered by what is live; null while they are, or soon will be. */
export function troubleOf({ status, detail, models }: Predictor, name: string): { title: string; detail: string } | null {
  const own = models.filter((model) => model.name === name);
  if (own.length === 0) return null;
  if (status === "unavailable") return { title: "No predictor answers", detail };
  const failed = own.find(({ state }) => state === "failed");
  if (!failed) return null;
  const now = failed.loaded === null ? "Nothing answers its calls" : `${failed.loaded} still answers`;
  return { title: `${where(failed)} cannot be loaded`, detail: `${now}. ${failed.why ?? ""}`.trim() };
}

/** `The predictor has 1.2.0 in memory, and 1.3.0 in staging.` */
export function servedAs({ models }: Predictor, name: string): string {
  const own = models.filter((model) => model.name === name);
  const loaded = own.filter(({ state }) => state === "loaded").map(where);
  const waiting = own.filter(({ state }) => state === "waiting").map(where);
  const has = loaded.length > 0 ? `The predictor has ${loaded.join(" and ")} in memory.` : "";
  const loads = waiting.length > 0 ? `It loads ${waiting.join(" and ")} at the next call.` : "";
  return `${has} ${loads}`.trim();
}

const where = ({ version, environment }: ServedModel) => (environment === "production" ? version : `${version} in ${environments[environment as Environment]}`);
