import { Info, OctagonAlert, TriangleAlert, type LucideIcon } from "lucide-react";

import type { Severity } from "@/api/watch";

const looks: Record<Severity, { Icon: LucideIcon; tint: string; word: string }> = {
  critical: { Icon: OctagonAlert, tint: "text-bad", word: "Critical" },
  warning: { Icon: TriangleAlert, tint: "text-warn", word: "Warning" },
  info: { Icon: Info, tint: "text-info", word: "Note" },
};

export const severityWords = (severity: Severity): string => looks[severity].word;

/** How bad it is: icon and word. */
export function SeverityMark({ severity, bare = false }: { severity: Severity; /** Where there is no room for the word on a phone. */ bare?: boolean }) {
  const { Icon, tint, word } = looks[severity];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> <span className={bare ? "max-md:sr-only" : undefined}>{word}</span>
    </span>
  );
}
