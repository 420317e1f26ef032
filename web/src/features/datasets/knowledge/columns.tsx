import { formats } from "./words";

import type { KnowledgeRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { count, DASH } from "@/lib/format";

const states: Record<KnowledgeRead["state"], { label: string; tone: string }> = {
  waiting: { label: "Being read", tone: "text-quiet" },
  current: { label: "Current", tone: "" },
  failed: { label: "Not read", tone: "text-bad-ink" },
};

export function StateOf({ of: { state, problem } }: { of: KnowledgeRead }) {
  const { label, tone } = states[state];
  return (
    <span className={tone} title={problem ?? undefined}>
      {label}
    </span>
  );
}

export const columns: Column<KnowledgeRead>[] = [
  { id: "name", header: "Name", cell: ({ name }) => name, priority: 1, fixed: true },
  { id: "state", header: "State", cell: (source) => <StateOf of={source} />, priority: 1, width: "8rem", phoneWidth: "6rem" },
  { id: "format", header: "Is", cell: ({ format }) => (format === null ? DASH : formats[format]), priority: 3, width: "12rem" },
  { id: "pages", header: "Pages", cell: ({ pages }) => count(pages), numeric: true, priority: 2, width: "5rem" },
  { id: "changed", header: "Changed", cell: ({ changedAt }) => (changedAt === null ? DASH : <When at={changedAt} />), priority: 3, width: "8rem" },
  { id: "checked", header: "Looked at", cell: ({ checkedAt }) => (checkedAt === null ? DASH : <When at={checkedAt} />), priority: 4, width: "8rem", optional: true },
];
