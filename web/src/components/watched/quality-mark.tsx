import { CircleAlert, CircleCheck, CircleDashed, OctagonAlert, Sparkle, type LucideIcon } from "lucide-react";

import type { Quality } from "@/api/watch";

const looks: Record<Quality, { Icon: LucideIcon; tint: string; word: string }> = {
  excellent: { Icon: Sparkle, tint: "text-good", word: "Excellent" },
  good: { Icon: CircleCheck, tint: "text-good", word: "Good" },
  degraded: { Icon: CircleAlert, tint: "text-warn", word: "Degraded" },
  critical: { Icon: OctagonAlert, tint: "text-bad", word: "Critical" },
  unknown: { Icon: CircleDashed, tint: "text-quiet", word: "Not known" },
};

/** How good a model is, as far as what was measured can tell: icon and word. */
export function QualityMark({ quality }: { quality: Quality }) {
  const { Icon, tint, word } = looks[quality];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {word}
    </span>
  );
}
