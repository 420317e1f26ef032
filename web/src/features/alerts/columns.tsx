import { BellOff, CircleCheck, CircleDot, Eye, type LucideIcon } from "lucide-react";

import { states, subjectOf } from "./words";

import type { Alert, AlertState } from "@/api/watch";
import type { Column } from "@/components/data-table/columns";
import { SeverityMark } from "@/components/watched/severity-mark";
import { When } from "@/components/when";

const looks: Record<AlertState, { Icon: LucideIcon; tint: string }> = {
  open: { Icon: CircleDot, tint: "text-bad" },
  acknowledged: { Icon: Eye, tint: "text-warn" },
  silenced: { Icon: BellOff, tint: "text-quiet" },
  resolved: { Icon: CircleCheck, tint: "text-good" },
};

/** Whether somebody is at it: icon and word. */
export function AlertStateMark({ state }: { state: AlertState }) {
  const { Icon, tint } = looks[state];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {states[state]}
    </span>
  );
}

export const columns: Column<Alert>[] = [
  { id: "severity", header: "How bad", cell: ({ severity }) => <SeverityMark severity={severity} bare />, priority: 1, width: "7rem", phoneWidth: "2.25rem", mark: true, fixed: true },
  {
    id: "title",
    header: "What is wrong",
    cell: ({ title, words }) => (
      <span className="flex min-w-0 items-baseline gap-2" title={words}>
        <span className="truncate font-medium">{title}</span>
        <span className="min-w-0 shrink-999 truncate text-quiet max-xl:hidden">{words}</span>
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "subject", header: "Of", cell: (alert) => <span className="block truncate">{subjectOf(alert)}</span>, priority: 3, width: "11rem" },
  { id: "state", header: "State", cell: ({ state }) => <AlertStateMark state={state} />, priority: 2, width: "7.5rem" },
  { id: "since", header: "Since", cell: ({ openedAt }) => <When at={openedAt} />, priority: 1, width: "7.5rem", phoneWidth: "5.5rem" },
];
