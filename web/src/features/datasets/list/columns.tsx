import { Meter } from "../marks";
import type { DatasetRead } from "../shapes";
import { kinds } from "../words";

import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { count, DASH, orDash, percent } from "@/lib/format";

function Waiting({ of: { pending, findings } }: { of: DatasetRead }) {
  const all = pending + findings;
  return all === 0 ? <span className="text-quiet">{DASH}</span> : <span className="font-medium text-warn">{count(all)}</span>;
}

function Quality({ of: { averageQuality } }: { of: DatasetRead }) {
  return (
    <span className="flex items-center justify-end gap-2">
      {averageQuality !== null && <Meter share={averageQuality} />}
      <span className="w-11 shrink-0">{orDash(averageQuality, percent)}</span>
    </span>
  );
}

export const columns: Column<DatasetRead>[] = [
  {
    id: "name",
    header: "Name",
    cell: ({ name, collects }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{name}</span>
        {collects.length > 0 && <span className="truncate text-quiet max-lg:hidden">from {collects.join(", ")}</span>}
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "kind", header: "Holds", cell: ({ kind }) => kinds[kind].label, width: "8rem" },
  { id: "approved", header: "Approved", cell: ({ validated }) => count(validated), numeric: true, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
  { id: "waiting", header: "To review", cell: (dataset) => <Waiting of={dataset} />, numeric: true, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
  { id: "quality", header: "Quality", cell: (dataset) => <Quality of={dataset} />, numeric: true, priority: 3, width: "10rem" },
  { id: "version", header: "Version", cell: ({ version }) => version ?? <span className="text-quiet">none</span>, numeric: true, width: "6rem" },
  { id: "updated", header: "Changed", cell: ({ updatedAt }) => <When at={updatedAt} />, priority: 4, width: "8rem" },
];
