/** Policies and turns in sentences. Pure. */

import type { ApprovalStep, Policy, Strategy, Trigger, TriggerKind, Turn, TurnState } from "@/api/improvement";
import { count, percentExact, plural, usd } from "@/lib/format";
import { span } from "@/lib/time";

export const states: Record<TurnState, string> = {
  triggered: "Begun",
  awaiting_approval: "Waits for you",
  training: "Training",
  gating: "Proving",
  shadow: "In shadow",
  releasing: "Releasing",
  comparing: "Comparing",
  promoted: "Promoted",
  rolled_back: "Rolled back",
  rejected: "Rejected",
  skipped: "Skipped",
  failed: "Failed",
};

const OVER: readonly TurnState[] = ["promoted", "rolled_back", "rejected", "skipped", "failed"];
export const isOver = ({ state }: Pick<Turn, "state">): boolean => OVER.includes(state);

export const triggerNames: Record<TriggerKind, string> = {
  accuracy_below: "Accuracy",
  new_examples: "New examples",
  interval: "By the clock",
  feedback_batch: "Corrections",
  drift: "Drift",
};

export const strategies: Record<Strategy, string> = {
  immediate: "at once",
  gradual: "step by step",
  canary: "as a canary",
  blue_green: "beside the old one, then all at once",
};

/** What has to happen for a turn to begin: `accuracy below 95 %`. */
export function triggerWords(trigger: Trigger): string {
  switch (trigger.kind) {
    case "accuracy_below":
      return `accuracy is surely below ${percentExact(trigger.below)}`;
    case "new_examples":
      return `${plural(trigger.count, "example")} ${trigger.count === 1 ? "is" : "are"} new`;
    case "interval":
      return `${span(trigger.hours * 3600)} have passed`;
    case "feedback_batch":
      return `${plural(trigger.count, "answer")} ${trigger.count === 1 ? "was" : "were"} corrected`;
    case "drift":
      return "drift costs right answers";
  }
}

/** What happens once it begins: `It is trained, waits for an approval, and is released as a canary.` */
export function planWords({ approvals, release }: Pick<Policy, "approvals" | "release">): string {
  const asks = (step: ApprovalStep) => approvals.includes(step);
  const compared = release.compare == null ? "" : ", compared with the live version";
  const parts = [asks("train") ? "waits for an approval and is trained" : "is trained", release.shadow ? "answers unseen for a while" : "", `${asks("release") ? "waits for an approval and " : ""}is released ${strategies[release.strategy]}${compared}`].filter(Boolean);
  return `It ${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}.`;
}

/** What of the budget is used. */
export function budgetWords({ budget, spent }: Pick<Policy, "budget" | "spent">): string {
  const money = budget.costUsdPerMonth == null ? `${usd(spent.costUsdThisMonth)} in 30 days` : `${usd(spent.costUsdThisMonth)} of ${usd(budget.costUsdPerMonth)} in 30 days`;
  return `${count(spent.runsToday)} of ${plural(budget.runsPerDay, "run")} in 24 h; ${money}`;
}

/** What the page answers: what waits for somebody, what goes on, or that nothing does. */
export function answerOf(policies: readonly Policy[], turns: readonly Turn[]): string {
  const waiting = turns.filter(({ state }) => state === "awaiting_approval");
  const going = turns.filter((turn) => !isOver(turn) && turn.state !== "awaiting_approval");
  const [first] = waiting;
  if (first !== undefined) return waiting.length === 1 ? `${first.model} waits for your approval.` : `${waiting.length} turns wait for an approval.`;
  const [one] = going;
  if (one !== undefined) return going.length === 1 ? `${one.model} improves: ${states[one.state].toLowerCase()}.` : `${going.length} models improve.`;
  const on = policies.filter(({ enabled }) => enabled).length;
  if (on === 0) return policies.length === 0 ? "" : "Nothing improves by itself: every policy is off.";
  return `Nothing to do: ${plural(on, "model")} ${on === 1 ? "is" : "are"} looked after.`;
}

/** The steps that a turn goes through, in order; the way that it took is told apart by the page. */
export const WAY: readonly { state: TurnState; name: string }[] = [
  { state: "triggered", name: "Begun" },
  { state: "training", name: "Trained" },
  { state: "gating", name: "Proven" },
  { state: "releasing", name: "Released" },
  { state: "comparing", name: "Compared" },
  { state: "promoted", name: "Promoted" },
];

/** How far along the way a turn came. */
export function cameTo(turn: Pick<Turn, "state">, timeline: readonly { step: TurnState }[]): number {
  const seen = [...timeline.map(({ step }) => step), turn.state];
  return Math.max(0, ...seen.map((state) => WAY.findIndex((step) => step.state === (state === "shadow" ? "releasing" : state))));
}
