import { CircleSlash, Clock, Minus, ShieldAlert, ThumbsDown, ThumbsUp, type LucideIcon } from "lucide-react";

import { metricName, states, types, verdicts, who } from "./words";

import type { FeedbackRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { category } from "@/lib/category";
import { DASH } from "@/lib/format";

const looks: Record<FeedbackRead["feedback"], { Icon: LucideIcon; tint: string }> = {
  positive: { Icon: ThumbsUp, tint: "text-good" },
  negative: { Icon: ThumbsDown, tint: "text-bad" },
  neutral: { Icon: Minus, tint: "text-quiet" },
};

/** What was said, in a word with its sign. */
export function VerdictMark({ of }: { of: FeedbackRead }) {
  const { Icon, tint } = looks[of.feedback];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} />
      {of.rating === null ? verdicts[of.feedback] : `${of.rating} of 5`}
    </span>
  );
}

const marks: Partial<Record<FeedbackRead["state"], { Icon: LucideIcon; tint: string }>> = {
  held: { Icon: ShieldAlert, tint: "text-warn" },
  rejected: { Icon: CircleSlash, tint: "text-quiet" },
  received: { Icon: Clock, tint: "text-quiet" },
};

/** Whether it counts. */
export function StateMark({ of: { state } }: { of: FeedbackRead }) {
  const mark = marks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      {mark && <mark.Icon aria-hidden="true" className={`size-4 shrink-0 ${mark.tint}`} />} {states[state]}
    </span>
  );
}

/** What it says beyond good or wrong. */
function Says({ of }: { of: FeedbackRead }) {
  const { corrected, given, expected, correction, comment, commented, withheld, metric } = of;
  if (corrected && expected) return <Change from={given} to={expected} />;
  const words = comment ?? correction;
  if (words) return <span className="truncate">{comment ? `“${comment}”` : correction}</span>;
  if (commented || corrected) return <span className="truncate text-quiet">{withheld ?? "in words"}</span>;
  // That it is right or wrong is said already.
  return <span className="text-quiet">{metric === "verdict" ? DASH : metricName(metric)}</span>;
}

export function Change({ from, to }: { from: string | null; to: string }) {
  return (
    <span className="min-w-0 truncate">
      {from && (
        <>
          <s className="text-quiet">{from}</s> <span aria-hidden="true">→</span> <span className="sr-only">should have been</span>{" "}
        </>
      )}
      <strong className="font-medium">{to}</strong>
    </span>
  );
}

export const columns: Column<FeedbackRead>[] = [
  { id: "verdict", header: "Said", cell: (row) => <VerdictMark of={row} />, priority: 1, width: "6.5rem", phoneWidth: "5.75rem", fixed: true },
  {
    id: "says",
    header: "What would be right, or a comment",
    cell: (row) => (
      <span className="flex min-w-0">
        <Says of={row} />
      </span>
    ),
    priority: 1,
  },
  {
    id: "model",
    header: "Of",
    cell: ({ model, operationType }) => (
      <span className="flex min-w-0 items-center gap-2">
        {model !== null && <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ backgroundColor: category(model) }} />}
        <span className="min-w-24 truncate" title={model ?? undefined}>
          {model ?? DASH}
        </span>
        <span className="min-w-0 shrink-999 truncate text-quiet max-xl:hidden">{types[operationType].toLowerCase()}</span>
      </span>
    ),
    priority: 2,
    width: "18rem",
  },
  { id: "who", header: "By", cell: (row) => <span className="block truncate">{who(row)}</span>, priority: 3, width: "9rem" },
  { id: "state", header: "State", cell: (row) => <StateMark of={row} />, priority: 3, width: "9.5rem" },
  { id: "when", header: "When", cell: ({ updatedAt }) => <When at={updatedAt} />, priority: 1, width: "7.5rem", phoneWidth: "5.5rem" },
];
