import { Label } from "../content";
import { Meter, StatusMark } from "../marks";
import type { ExampleRead, Kind } from "../shapes";
import { inputText, kinds, outputText, sources, splits } from "../words";

import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH, percent } from "@/lib/format";

const outputOf = ({ label, output, input }: ExampleRead) => (label === null ? outputText(output, input) || DASH : <Label name={label} />);

function columnsOf(kind: Kind): Column<ExampleRead>[] {
  const { input, output } = kinds[kind];
  return [
    { id: "input", header: input, cell: (example) => inputText(example.input).replaceAll("\n", " "), priority: 1, fixed: true },
    { id: "output", header: output, cell: outputOf, priority: 1, width: kind === "intent" ? "13rem" : "32%", phoneWidth: "8rem" },
    { id: "status", header: "State", cell: ({ status }) => <StatusMark of={status} brief />, priority: 1, width: "9rem", phoneWidth: "3rem" },
    { id: "source", header: "From", cell: ({ source }) => sources[source], priority: 3, width: "7rem" },
    { id: "split", header: "Split", cell: ({ split }) => (split === null ? <span className="text-quiet">{DASH}</span> : splits[split]), priority: 4, width: "7rem", optional: true },
    {
      id: "quality",
      header: "Quality",
      cell: ({ quality }) => (
        <span className="flex items-center justify-end gap-2">
          <Meter share={quality} className="w-12" />
          <span className="w-11 shrink-0">{percent(quality)}</span>
        </span>
      ),
      numeric: true,
      priority: 3,
      width: "9rem",
    },
    { id: "when", header: "Came", cell: ({ createdAt }) => <When at={createdAt} />, width: "7rem" },
  ];
}

/** Made once for each kind, so that rows need not be made anew. */
export const columns: Record<Kind, Column<ExampleRead>[]> = {
  intent: columnsOf("intent"),
  entity: columnsOf("entity"),
  response: columnsOf("response"),
  chat: columnsOf("chat"),
  preference: columnsOf("preference"),
};
