import { Fragment } from "react";

import type { Classified, Extracted } from "@/api/versions";
import { percentExact } from "@/lib/format";

/** Labels with how sure the model is of each. */
export function Labels({ of: { label, inScope, confidence, labels } }: { of: Classified["results"][number] }) {
  const shown = labels.length > 0 ? labels : label === null ? [] : [{ label, confidence }];
  return (
    <>
      <p>
        {inScope && label !== null ? (
          <>
            <span className="text-base font-semibold">{label}</span> <span className="text-quiet">{percentExact(confidence)} sure</span>
          </>
        ) : (
          <span className="font-medium">None of its labels fits: it says so instead of guessing.</span>
        )}
      </p>
      <ul aria-label="Labels" className="mt-2 space-y-1 text-sm">
        {shown.map((each) => (
          <li key={each.label} className="grid grid-cols-[minmax(0,1fr)_6rem_3.5rem] items-center gap-3">
            <span className="truncate">{each.label}</span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset">
              <span className="block h-full bg-mark" style={{ width: `${each.confidence * 100}%` }} />
            </span>
            <span className="text-right">{percentExact(each.confidence)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

type Found = Extracted["results"][number]["entities"];

/** The text with what was found in it marked and named. */
export function Entities({ text, found }: { text: string; found: Found }) {
  if (found.length === 0) return <p>It found nothing in it.</p>;
  const { parts, rest } = split(text, found);
  return (
    <p className="leading-8">
      {parts.map(({ before, entity }, index) => (
        <Fragment key={index}>
          {before}
          <mark title={`${percentExact(entity.confidence)} sure`} className="rounded-sm bg-accent-soft px-1 py-0.5 text-accent-ink">
            {entity.text} <span className="text-xs">{entity.label}</span>
          </mark>
        </Fragment>
      ))}
      {rest}
    </p>
  );
}

/** The text in pieces; places are counted in code points, as the server counts them, and not in UTF-16. */
function split(text: string, found: Found) {
  const points = Array.from(text);
  const sorted = [...found].sort((a, b) => a.start - b.start);
  const parts = sorted.map((entity, index) => ({ before: points.slice(sorted[index - 1]?.end ?? 0, entity.start).join(""), entity }));
  return { parts, rest: points.slice(sorted.at(-1)?.end ?? 0).join("") };
}
