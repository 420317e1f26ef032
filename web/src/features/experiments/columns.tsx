import { StateMark } from "./state-mark";
import { VerdictMark } from "./verdict-mark";
import { aboutDays, daysLeft, unitsOf } from "./words";

import type { Experiment } from "@/api/experiments";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH } from "@/lib/format";

function Left({ of: experiment }: { of: Experiment }) {
  const left = daysLeft(experiment);
  return left === null ? <span className="text-quiet">{DASH}</span> : <>{left === 0 ? "nothing" : aboutDays(left).replace("about ", "")}</>;
}

export const columns: Column<Experiment>[] = [
  {
    id: "name",
    header: "Experiment",
    cell: ({ name, target }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">{name}</span>
        <span className="truncate text-quiet max-lg:hidden">{target}</span>
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "state", header: "State", cell: ({ state }) => <StateMark state={state} />, priority: 1, width: "7rem", phoneWidth: "6.5rem" },
  { id: "verdict", header: "Verdict", cell: ({ verdict }) => (verdict ? <VerdictMark of={verdict} /> : <span className="text-quiet">{DASH}</span>), priority: 1, width: "22rem", phoneWidth: "8.5rem" },
  { id: "units", header: "Took part", cell: ({ units, unit, state }) => (units === null || state === "draft" ? DASH : unitsOf(units, unit)), numeric: true, priority: 2, width: "9.5rem" },
  { id: "left", header: "Left", cell: (experiment) => <Left of={experiment} />, numeric: true, priority: 3, width: "6rem" },
  { id: "began", header: "Began", cell: ({ startedAt }) => (startedAt === null ? DASH : <When at={startedAt} />), priority: 4, width: "7rem" },
];
