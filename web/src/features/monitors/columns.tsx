import { Course } from "./course";
import { MonitorStateMark } from "./state-mark";
import { subjectOf } from "./words";

import type { Monitor } from "@/api/watch";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH } from "@/lib/format";
import { measuredBy, readsAs } from "@/lib/watched";

/** The last value with its interval. */
function Value({ of: monitor }: { of: Monitor }) {
  const { value, low, high } = monitor;
  if (value === null) return <span className="text-quiet">{DASH}</span>;
  const format = readsAs(monitor);
  return (
    <>
      {format(value)} {low !== null && high !== null && <span className="text-xs text-quiet max-md:hidden">{`${format(low)} to ${format(high)}`}</span>}
    </>
  );
}

export const columns: Column<Monitor>[] = [
  {
    id: "name",
    header: "Monitor",
    cell: (monitor) => (
      <span className="flex min-w-0 items-baseline gap-2" title={monitor.words}>
        <span className="truncate font-medium">{monitor.name}</span>
        <span className="truncate text-quiet max-lg:hidden">{monitor.name === measuredBy(monitor) ? subjectOf(monitor) : `${measuredBy(monitor).toLowerCase()}, ${subjectOf(monitor)}`}</span>
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "state", header: "State", cell: (monitor) => <MonitorStateMark of={monitor} />, priority: 1, width: "7.5rem", phoneWidth: "6.5rem" },
  { id: "value", header: "Measured last", cell: (monitor) => <Value of={monitor} />, numeric: true, priority: 1, width: "15rem", phoneWidth: "5.5rem" },
  { id: "course", header: "Last day", cell: (monitor) => <Course of={monitor} />, priority: 3, width: "8rem" },
  { id: "measured", header: "When", cell: ({ measuredAt }) => (measuredAt === null ? DASH : <When at={measuredAt} />), priority: 4, width: "7rem" },
];
