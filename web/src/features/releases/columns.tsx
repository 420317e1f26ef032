import { StateMark } from "./state-mark";
import { shareOf, strategies } from "./words";

import type { ReleaseSummary } from "@/api/releases";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { DASH } from "@/lib/format";

export const columns: Column<ReleaseSummary>[] = [
  {
    id: "name",
    header: "Release",
    cell: ({ name, version, former }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-medium">
          {name} {version}
        </span>
        {former && <span className="truncate text-quiet max-lg:hidden">in the place of {former}</span>}
      </span>
    ),
    priority: 1,
    fixed: true,
  },
  { id: "state", header: "State", cell: ({ state }) => <StateMark state={state} />, priority: 1, width: "8rem", phoneWidth: "7.5rem" },
  { id: "share", header: "Has", cell: (release) => shareOf(release), numeric: true, priority: 1, width: "5rem", phoneWidth: "4rem" },
  { id: "words", header: "How it stands", cell: ({ words }) => <span className="block truncate text-quiet" title={words}>{words || DASH}</span>, priority: 2, width: "24rem" },
  { id: "strategy", header: "Strategy", cell: ({ strategy }) => strategies[strategy].name.split(":")[0], priority: 3, width: "6.5rem" },
  { id: "by", header: "By", cell: ({ createdBy }) => <Who id={createdBy} />, optional: true, width: "9rem" },
  { id: "began", header: "Began", cell: ({ createdAt }) => <When at={createdAt} />, priority: 4, width: "7rem" },
];
