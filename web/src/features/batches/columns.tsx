import { CircleCheck, CircleSlash, CircleX, Clock, Loader, type LucideIcon } from "lucide-react";

import { ProgressBar } from "./progress-bar";
import type { BatchStatus } from "./routes";
import { isActive, share, statuses } from "./words";

import type { BatchRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { count, DASH, percent, usdExact } from "@/lib/format";

const ends: Partial<Record<BatchStatus, { Icon: LucideIcon; tint: string }>> = {
  completed: { Icon: CircleCheck, tint: "text-good" },
  failed: { Icon: CircleX, tint: "text-bad" },
  expired: { Icon: Clock, tint: "text-warn" },
  cancelled: { Icon: CircleSlash, tint: "text-quiet" },
};

/** What a batch does, or how it ended: icon and word. */
export function StatusMark({ of: { status } }: { of: BatchRead }) {
  const { Icon, tint } = ends[status] ?? { Icon: Loader, tint: "text-accent-ink" };
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {statuses[status]}
    </span>
  );
}

/** What it asks: the model, where all lines ask the same one. */
export const nameOf = ({ model, endpoint }: BatchRead): string => model ?? endpoint.replace("/v1/", "");

function Progress({ of: batch }: { of: BatchRead }) {
  return (
    <span className="flex items-center justify-end gap-3">
      <ProgressBar of={batch} className="w-24 shrink-0 max-md:hidden" />
      <span className={`w-11 shrink-0 ${isActive(batch) ? "font-medium" : "text-quiet"}`}>{batch.total === 0 ? DASH : percent(share(batch))}</span>
    </span>
  );
}

export const columns: Column<BatchRead>[] = [
  {
    id: "asks",
    header: "Asks",
    cell: (batch) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate">{nameOf(batch)}</span>
        {batch.model !== null && <span className="truncate text-quiet max-lg:hidden">{batch.endpoint.replace("/v1/", "")}</span>}
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "status", header: "State", cell: (batch) => <StatusMark of={batch} />, priority: 1, width: "10.5rem", phoneWidth: "9.5rem" },
  { id: "progress", header: "Done", cell: (batch) => <Progress of={batch} />, numeric: true, priority: 1, width: "11rem", phoneWidth: "4.5rem" },
  { id: "lines", header: "Lines", cell: ({ total }) => count(total), numeric: true, priority: 3, width: "6rem" },
  { id: "failed", header: "Failed", cell: ({ failed }) => count(failed), numeric: true, priority: 3, width: "6rem" },
  { id: "cost", header: "Cost", cell: ({ costUsd }) => usdExact(costUsd), numeric: true, width: "8rem" },
  { id: "created", header: "Begun", cell: ({ createdAt }) => <When at={createdAt} />, priority: 2, width: "8rem" },
];
