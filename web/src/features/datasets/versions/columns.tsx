import type { VersionRead } from "../shapes";

import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { count } from "@/lib/format";

export const columns: Column<VersionRead>[] = [
  { id: "number", header: "Version", cell: ({ number }) => <span className="font-medium">{number}</span>, priority: 1, fixed: true, width: "6rem", phoneWidth: "5rem" },
  { id: "note", header: "Note", cell: ({ note, available }) => (available ? note : `${note} (its content is gone)`), priority: 1 },
  { id: "examples", header: "Examples", cell: ({ examples }) => count(examples), numeric: true, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
  { id: "digest", header: "Content", cell: ({ digest }) => <code className="font-mono text-xs">{digest.replace("sha256:", "").slice(0, 12)}</code>, priority: 3, width: "9rem" },
  { id: "when", header: "Frozen", cell: ({ createdAt }) => <When at={createdAt} />, width: "8rem" },
];
