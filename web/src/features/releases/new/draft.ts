/** A release before it is started: what is chosen, and what is sent. Pure. */

import type { Guardrail, ReleaseBody, ReleasePlan, ReleaseStep, ReleaseStrategy } from "@/api/releases";

export interface StepDraft {
  percent: string;
  units: string;
  minutes: string;
  approval: boolean;
}

export interface GuardDraft {
  metric: Guardrail["metric"];
  percent: string;
  action: Guardrail["action"];
}

export interface Draft {
  name: string;
  version: string;
  strategy: ReleaseStrategy;
  /** Of a canary, in percent; empty: the usual tenth. */
  share: string;
  /** Null: the steps that are usual for the strategy. */
  steps: StepDraft[] | null;
  guards: GuardDraft[] | null;
  promotion: ReleasePlan["promotion"] | null;
  unit: ReleasePlan["unit"];
  deprecateFormer: boolean;
  reason: string;
  override: string;
  /** The experiment that was decided for it; empty: none. */
  experiment: string;
  /** Minutes that the version before stays loaded; empty: as is usual. */
  keepMinutes: string;
}

export const noDraft: Draft = {
  name: "",
  version: "",
  strategy: "canary",
  share: "",
  steps: null,
  guards: null,
  promotion: null,
  unit: "user",
  deprecateFormer: false,
  reason: "",
  override: "",
  experiment: "",
  keepMinutes: "",
};

const numberOf = (text: string): number => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
/** Whole hundredths of a percent: no dust of binary fractions is sent. */
const partOf = (text: string): number => Math.round(numberOf(text) * 100) / 10_000;

/** What is wrong with a percentage that may be left out. */
export function wrongPercent(text: string, least = 0.01, most = 100): string | null {
  if (text.trim() === "") return null;
  const value = numberOf(text);
  return value >= least && value <= most ? null : `A number from ${least} to ${most}.`;
}

export function wrongCount(text: string): string | null {
  if (text.trim() === "") return null;
  const value = numberOf(text);
  return value >= 0 && value <= 10_000_000 ? null : "A number, 0 or more.";
}

/** Shorter than this says nothing. */
export const LEAST = 10;
export const wrongReason = (text: string): string | null => (text.trim().length >= LEAST ? null : `Say why, in ${LEAST} characters or more: it is kept in the history.`);

/** Which strategies let one say how many get it at first. */
export const hasShare = (strategy: ReleaseStrategy): boolean => strategy === "canary" || strategy === "gradual";

/** The steps of a plan as they are typed. */
export const stepDrafts = (steps: readonly ReleaseStep[]): StepDraft[] =>
  steps.map(({ share, hold: { units, seconds }, approval }) => ({ percent: trim(share * 100), units: units === 0 ? "" : trim(units), minutes: seconds === 0 ? "" : trim(seconds / 60), approval }));

export const guardDrafts = (guards: readonly Guardrail[]): GuardDraft[] => guards.map(({ metric, margin, action }) => ({ metric, percent: trim(metric === "rating" ? margin : margin * 100), action }));

const trim = (value: number): string => String(Math.round(value * 100) / 100);

const stepOf = ({ percent, units, minutes, approval }: StepDraft): ReleaseStep => ({ share: partOf(percent || "0"), hold: { units: Math.round(numberOf(units || "0")), seconds: numberOf(minutes || "0") * 60 }, approval });

/** A rating is no share: its margin is in stars. */
const guardOf = ({ metric, percent, action }: GuardDraft) => ({ metric, margin: metric === "rating" ? numberOf(percent || "0") : partOf(percent || "0"), action }) as Guardrail;

/** Whether nothing that is typed is known to be wrong. */
export function isRight({ share, steps, guards, keepMinutes }: Draft): boolean {
  const wrong = [
    wrongPercent(share),
    wrongCount(keepMinutes),
    ...(steps ?? []).flatMap(({ percent, units, minutes }) => [wrongPercent(percent, 0), wrongCount(units), wrongCount(minutes)]),
    ...(guards ?? []).map(({ percent }) => wrongPercent(percent, 0, 1000)),
  ];
  return wrong.every((each) => each === null);
}

function planOf({ strategy, steps, guards, promotion, unit, deprecateFormer, keepMinutes }: Draft): Partial<ReleasePlan> {
  return {
    ...(steps && strategy !== "immediate" && { steps: steps.map(stepOf) }),
    ...(guards && { guardrails: guards.map(guardOf) }),
    ...(promotion && { promotion }),
    ...(unit !== "user" && { unit }),
    ...(deprecateFormer && { deprecateFormer }),
    ...(keepMinutes.trim() !== "" && { keepFormer: numberOf(keepMinutes) * 60 }),
  };
}

/** What is sent; null while the least is missing or something is wrong. Only what was said is in it. */
export function bodyOf(draft: Draft, passed: boolean): ReleaseBody | null {
  const { name, version, strategy, share, override } = draft;
  if (name === "" || version === "" || !isRight(draft)) return null;
  const plan = planOf(draft);
  return {
    name,
    version,
    strategy,
    ...(hasShare(strategy) && share.trim() !== "" && { share: partOf(share) }),
    ...(Object.keys(plan).length > 0 && { plan }),
    ...wordsOf(draft),
    ...(!passed && override.trim() !== "" && { override: { reason: override.trim() } }),
  };
}

/** Why it is released, and what proved it. */
const wordsOf = ({ reason, experiment }: Draft): Partial<ReleaseBody> => ({ ...(reason.trim() !== "" && { reason: reason.trim() }), ...(experiment !== "" && { experiment }) });
