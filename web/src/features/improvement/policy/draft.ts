/** A policy as it is being written: what the form holds, and what is sent of it. Pure. */

import type { PolicyBody } from "../queries";

import type { ApprovalStep, ImprovementRelease, Policy, Strategy, Trigger, TriggerKind } from "@/api/improvement";

export interface PolicyDraft {
  model: string;
  /** Which triggers are on, and their one number as it is typed. */
  on: Record<TriggerKind, boolean>;
  below: string;
  examples: string;
  hours: string;
  corrections: string;
  minutes: string;
  leastNew: string;
  runs: string;
  cost: string;
  approvals: Record<ApprovalStep, boolean>;
  strategy: Strategy;
  shadow: boolean;
  compare: boolean;
}

const fresh: PolicyDraft = {
  model: "",
  on: { accuracy_below: true, new_examples: true, interval: true, feedback_batch: false, drift: false },
  below: "95",
  examples: "1000",
  hours: "24",
  corrections: "100",
  minutes: "5",
  leastNew: "10",
  runs: "4",
  cost: "",
  approvals: { train: false, release: true },
  strategy: "canary",
  shadow: false,
  compare: true,
};

const written = (value: number): string => String(Number(value.toPrecision(12)));

/** The one of a kind, with its own fields. */
function ofKind<Kind extends TriggerKind>(triggers: readonly Trigger[], kind: Kind): Extract<Trigger, { kind: Kind }> | undefined {
  return triggers.find((each): each is Extract<Trigger, { kind: Kind }> => each.kind === kind);
}

export function draftOf(policy: Policy | null): PolicyDraft {
  if (policy === null) return fresh;
  const { triggers, release, budget } = policy;
  const kinds = Object.keys(fresh.on) as TriggerKind[];
  const told = { accuracy: ofKind(triggers, "accuracy_below"), examples: ofKind(triggers, "new_examples"), interval: ofKind(triggers, "interval"), corrections: ofKind(triggers, "feedback_batch") };
  return {
    model: policy.model,
    on: Object.fromEntries(kinds.map((kind) => [kind, triggers.some((each) => each.kind === kind)])) as PolicyDraft["on"],
    below: told.accuracy ? written(told.accuracy.below * 100) : fresh.below,
    examples: told.examples ? written(told.examples.count) : fresh.examples,
    hours: told.interval ? written(told.interval.hours) : fresh.hours,
    corrections: told.corrections ? written(told.corrections.count) : fresh.corrections,
    minutes: written(policy.debounceSeconds / 60),
    leastNew: written(policy.leastNew),
    runs: written(budget.runsPerDay),
    cost: budget.costUsdPerMonth == null ? "" : written(budget.costUsdPerMonth),
    approvals: { train: policy.approvals.includes("train"), release: policy.approvals.includes("release") },
    strategy: release.strategy,
    shadow: release.shadow,
    compare: release.compare != null,
  };
}

function numberOf(text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

export const wrongShare = (text: string): string | null => {
  const value = numberOf(text);
  return value !== null && value > 0 && value < 100 ? null : "Between 0 and 100.";
};
export const wrongCount = (text: string): string | null => (/^[1-9]\d*$/.test(text.trim()) ? null : "A whole number, 1 or more.");
export const wrongAmount = (text: string): string | null => ((numberOf(text) ?? -1) >= 0 ? null : "0 or more.");
export const wrongMoney = (text: string): string | null => (text.trim() === "" ? null : wrongAmount(text));
export const wrongHours = (text: string): string | null => ((numberOf(text) ?? 0) > 0 ? null : "More than 0.");

const checks: { of: (draft: PolicyDraft) => boolean; wrong: (draft: PolicyDraft) => string | null }[] = [
  { of: ({ on }) => on.accuracy_below, wrong: ({ below }) => wrongShare(below) },
  { of: ({ on }) => on.new_examples, wrong: ({ examples }) => wrongCount(examples) },
  { of: ({ on }) => on.interval, wrong: ({ hours }) => wrongHours(hours) },
  { of: ({ on }) => on.feedback_batch, wrong: ({ corrections }) => wrongCount(corrections) },
  { of: () => true, wrong: ({ minutes }) => wrongAmount(minutes) },
  { of: () => true, wrong: ({ leastNew }) => wrongCount(leastNew) },
  { of: () => true, wrong: ({ runs }) => wrongAmount(runs) },
  { of: () => true, wrong: ({ cost }) => wrongMoney(cost) },
];

/** The triggers that are on; what the form does not show of one stays as it is. */
function triggersOf(draft: PolicyDraft, present: readonly Trigger[]): Trigger[] {
  const { on } = draft;
  const told: (Trigger | false)[] = [
    on.accuracy_below && { windowHours: 168, least: 30, ...ofKind(present, "accuracy_below"), kind: "accuracy_below", below: Number(((numberOf(draft.below) ?? 95) / 100).toPrecision(12)) },
    on.new_examples && { kind: "new_examples", count: Number(draft.examples) },
    on.interval && { kind: "interval", hours: numberOf(draft.hours) ?? 24 },
    on.feedback_batch && { kind: "feedback_batch", count: Number(draft.corrections) },
    on.drift && { kind: "drift" },
  ];
  return told.filter((each): each is Trigger => each !== false);
}

/** What is sent; null while something is missing. */
export function bodyOf(draft: PolicyDraft, present: Policy | null): Partial<PolicyBody> | null {
  if (draft.model === "" || checks.some(({ of, wrong }) => of(draft) && wrong(draft) !== null)) return null;
  const { approvals } = draft;
  return {
    ...(present === null && { model: draft.model, enabled: true }),
    triggers: triggersOf(draft, present?.triggers ?? []),
    debounceSeconds: Math.round((numberOf(draft.minutes) ?? 0) * 60),
    leastNew: Number(draft.leastNew),
    budget: { runsPerDay: Math.round(numberOf(draft.runs) ?? 0), costUsdPerMonth: numberOf(draft.cost) },
    approvals: (["train", "release"] as const).filter((step) => approvals[step]),
    release: releaseOf(draft, present),
  };
}

const usual = { metric: "accuracy", alpha: 0.05, least: 50, hours: 72, noDifference: "promote" } as const;

const releaseOf = ({ strategy, shadow, compare }: PolicyDraft, present: Policy | null): ImprovementRelease => ({
  plan: present?.release.plan ?? {},
  strategy,
  shadow,
  compare: compare ? (present?.release.compare ?? usual) : null,
});
