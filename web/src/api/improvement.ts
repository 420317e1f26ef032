/** Names for what the API says of improvement. */

import type { ImprovementPolicyRead, ImprovementRelease, TurnRead } from "./schema.gen";

export type { ImprovementBudget, ImprovementPolicyRead as Policy, ImprovementRelease, TriggerLook, TurnDecisionRead as Decision, TurnRead as Turn, TurnStory } from "./schema.gen";

export type Trigger = ImprovementPolicyRead["triggers"][number];
export type TriggerKind = Trigger["kind"];
export type ApprovalStep = ImprovementPolicyRead["approvals"][number];
export type Strategy = ImprovementRelease["strategy"];
export type TurnState = TurnRead["state"];
