import { Minus, Plus } from "lucide-react";
import { useState } from "react";

import { diffRows, type DiffRow } from "./rows";

import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { DASH, plural } from "@/lib/format";

interface Props {
  /** What it is about, for those who do not see it: "Changes to assistant". */
  label: string;
  /** Any JSON; null for something new or gone. */
  before: unknown;
  after: unknown;
  /** A path as people read it; by default its last parts, `small › weight`. */
  name?: (path: readonly string[]) => string;
  heads?: { before: string; after: string };
}

/** `effective_from` and `effectiveFrom` read as `effective from`. */
const words = (part: string) => part.replaceAll("_", " ").replace(/[a-z][A-Z]/g, (two) => `${two[0]} ${two[1]?.toLowerCase()}`);

const readable = (path: readonly string[]) => path.map((part, index) => (index === 0 ? words(part) : part)).join(" › ");

/** Two structured values against each other: what changed, and what did not when asked for. */
export function Diff({ label, before, after, name = readable, heads = { before: "Before", after: "After" } }: Props) {
  const [whole, setWhole] = useState(false);
  const rows = diffRows(before, after);
  const same = rows.filter((row) => !row.changed);
  const shown = whole ? rows : rows.filter((row) => row.changed);
  return (
    <div className="min-w-0">
      {shown.length === 0 ? (
        <p className="text-quiet">Nothing differs.</p>
      ) : (
        <div className="relative overflow-x-auto rounded-md border border-line" tabIndex={0} role="region" aria-label={label}>
          <table className="w-full border-collapse text-sm">
            <thead>
              <tr className="text-left text-xs text-quiet">
                <th scope="col" className="h-8 px-3 font-medium">
                  Field
                </th>
                <th scope="col" className="w-1/3 px-3 font-medium">
                  {heads.before}
                </th>
                <th scope="col" className="w-1/3 px-3 font-medium">
                  {heads.after}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Line key={row.path.join("\u0000")} row={row} name={name(row.path)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {same.length > 0 && (
        <Button look="quiet" className="mt-1 -ml-3" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Hide what stays" : `Show ${plural(same.length, "field that stays", "fields that stay")}`}
        </Button>
      )}
    </div>
  );
}

function Line({ row, name }: { row: DiffRow; name: string }) {
  const { before, after, changed } = row;
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className={cn("px-3 py-2 text-left font-normal break-words", !changed && "text-quiet")}>
        {name}
      </th>
      <Value text={before} Sign={Minus} words="was" look={changed && before !== null && "bg-bad-soft text-bad"} />
      <Value text={after} Sign={Plus} words="becomes" look={changed && after !== null && "bg-good-soft text-good"} />
    </tr>
  );
}

interface ValueProps {
  text: string | null;
  Sign: typeof Plus;
  words: string;
  look: string | false;
}

/** One side of a line; its sign stands apart, so that it is no sign of the number. */
function Value({ text, Sign, words: spoken, look }: ValueProps) {
  return (
    <td className={cn("px-3 py-2 font-mono text-xs leading-4.5 break-words", look || "text-quiet")}>
      {look ? (
        <div className="flex gap-2">
          <Sign aria-hidden="true" className="mt-0.75 size-3 shrink-0" />
          <span className="min-w-0">
            <span className="sr-only">{spoken} </span>
            {text}
          </span>
        </div>
      ) : (
        (text ?? DASH)
      )}
    </td>
  );
}
