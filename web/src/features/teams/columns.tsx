import type { TeamRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { count } from "@/lib/format";

export const columns: Column<TeamRead>[] = [
  { id: "name", header: "Name", cell: ({ name }) => name, priority: 1, fixed: true },
  { id: "people", header: "People", cell: ({ memberCount }) => count(memberCount), priority: 1, width: "7rem", phoneWidth: "5rem", numeric: true },
  { id: "keys", header: "Keys that work", cell: ({ keyCount }) => count(keyCount), width: "9rem", numeric: true },
  { id: "created", header: "Created", cell: ({ createdAt }) => <When at={createdAt} />, width: "9rem", numeric: true },
];
