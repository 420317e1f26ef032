/** The steps of a release as they are drawn. Pure. */

import { waitsFor } from "./words";

import type { Release, ReleaseState } from "@/api/releases";

export interface Stage {
  /** What the candidate has in it. */
  share: number;
  /** What it waits for. */
  waits: string;
  place: "done" | "here" | "back" | "ahead" | "never";
}

/** Every step, and last that it is in force; what a release that went back never came to is told as such. */
export function stagesOf(release: Pick<Release, "plan" | "step" | "state" | "former" | "timeline">): Stage[] {
  const { plan, state, former } = release;
  // Where nothing was live there is nothing to compare with, and no step.
  const steps = former === null ? [] : plan.steps.map((each, index): Stage => ({ share: each.share, waits: waitsFor(each, plan), place: placeOf(index, release) }));
  const last: Stage["place"] = state === "succeeded" ? "done" : state === "promoting" ? "here" : GONE.includes(state) ? "never" : "ahead";
  const asks = plan.promotion === "approval" && plan.steps.at(-1)?.approval !== true;
  return [...steps, { share: 1, waits: asks ? "after your word" : "by itself", place: last }];
}

/** States in which no step has begun, all have ended, and none is reached any more. */
const BEFORE: readonly ReleaseState[] = ["pending", "preparing"];
const BEYOND: readonly ReleaseState[] = ["promoting", "succeeded"];
const GONE: readonly ReleaseState[] = ["rolling_back", "rolled_back", "cancelled", "failed"];

function placeOf(index: number, { step, state, timeline }: Pick<Release, "step" | "state" | "timeline">): Stage["place"] {
  if (BEYOND.includes(state) || index < step) return "done";
  if (GONE.includes(state)) return index === step && timeline.some(({ kind }) => kind === "step") ? "back" : "never";
  return index > step || BEFORE.includes(state) ? "ahead" : "here";
}
