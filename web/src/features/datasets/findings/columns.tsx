import { ArrowRight } from "lucide-react";

import { Label } from "../content";
import type { FindingRead } from "../shapes";
import { findingKinds, inputText } from "../words";

import { actions, scoreWords } from "./words";

import type { Column } from "@/components/data-table/columns";

const textOf = ({ examples }: FindingRead) => inputText(examples[0]?.input ?? null).replaceAll("\n", " ");

/** What is given, and what should be done about it. */
function Change({ of: { suggestion, label, examples } }: { of: FindingRead }) {
  const given = examples[0]?.label ?? null;
  if (suggestion !== "relabel" || label === null) return <>{actions[suggestion]}</>;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {given !== null && (
        <span className="min-w-0 truncate text-quiet line-through max-md:hidden">{given}</span>
      )}
      <ArrowRight aria-label="becomes" className="size-3.5 shrink-0 text-quiet max-md:hidden" />
      <Label name={label} />
    </span>
  );
}

export const columns: Column<FindingRead>[] = [
  { id: "kind", header: "Finding", cell: ({ kind }) => findingKinds[kind], width: "11rem" },
  { id: "text", header: "Text", cell: (finding) => textOf(finding), priority: 1, fixed: true },
  { id: "more", header: "Examples", cell: ({ examples }) => examples.length, numeric: true, priority: 4, width: "6rem" },
  { id: "change", header: "Suggested", cell: (finding) => <Change of={finding} />, priority: 1, width: "17rem", phoneWidth: "9rem" },
  { id: "score", header: "How sure", cell: scoreWords, numeric: true, width: "7rem" },
];
