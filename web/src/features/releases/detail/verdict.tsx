import { CircleCheck, CircleX, Hourglass, type LucideIcon } from "lucide-react";

import type { GuardrailState } from "@/api/releases";

const looks: Record<GuardrailState["state"], { Icon: LucideIcon; tint: string; words: string }> = {
  waiting: { Icon: Hourglass, tint: "text-quiet", words: "too little to tell" },
  fine: { Icon: CircleCheck, tint: "text-good", words: "no harm" },
  harmed: { Icon: CircleX, tint: "text-bad", words: "harm" },
};

/** What a guardrail says, in two or three words. */
export const verdictWords = (state: GuardrailState["state"]): string => looks[state].words;

/** The same as a mark; whoever shows it says it in words, too. */
export function VerdictMark({ state, className = "" }: { state: GuardrailState["state"]; className?: string }) {
  const { Icon, tint } = looks[state];
  return <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint} ${className}`} />;
}
