import { Scale } from "lucide-react";

import { suggestions } from "./model-draft";

import type { CatalogueModel } from "@/api/schema.gen";
import { count, price as priced } from "@/lib/format";

interface Props {
  entries: readonly CatalogueModel[];
  text: string;
  onPick: (entry: CatalogueModel) => void;
}

/** What the catalogue knows by the name that is typed; picking fills name and price in. */
export function CataloguePicker({ entries, text, onPick }: Props) {
  const found = suggestions(entries, text);
  if (found.length === 0) return null;
  return (
    <div className="rounded-md border border-line bg-surface">
      <p className="px-3 pt-2 text-xs font-medium text-quiet">From the catalogue</p>
      <ul aria-label="Models of the catalogue" className="p-1">
        {found.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              onClick={() => onPick(entry)}
              className="flex min-h-9 w-full flex-wrap items-center gap-x-3 rounded-sm px-2 py-1 text-left text-sm hover:bg-sunken pointer-coarse:min-h-11"
            >
              <span className="min-w-0 grow basis-full font-mono text-xs break-all sm:basis-0">{entry.id}</span>
              <span className="text-xs text-quiet">{facts(entry)}</span>
              {entry.confidence === "disputed" && (
                <span className="inline-flex items-center gap-1 text-xs text-warn">
                  <Scale aria-hidden="true" className="size-3.5" /> disputed
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function facts({ input, output, context, provider }: CatalogueModel): string {
  const price = input === null || output === null ? "no price known" : `${priced(input)} in, ${priced(output)} out per 1 M`;
  return [provider, context === null ? null : `${count(context)} tokens`, price].filter(Boolean).join(" · ");
}
