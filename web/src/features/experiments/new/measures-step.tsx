import { watchedAs, withPrimary, withWatched, wrongPercent, type Draft, type Watched } from "./draft";

import { SelectField } from "@/components/form/select-field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { outcomeInWords, OUTCOMES } from "@/lib/outcomes";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

const watchings: { value: Watched; label: string }[] = [
  { value: "no", label: "not looked at" },
  { value: "secondary", label: "also looked at" },
  { value: "guardrail", label: "must not get worse" },
];

/** One measure that decides, and what must not be paid for it. */
export function MeasuresStep({ draft, onChange }: Props) {
  const chosen = OUTCOMES[draft.primary];
  const others = Object.entries(OUTCOMES).filter(([key]) => key !== draft.primary);
  return (
    <>
      <SelectField
        label="What decides"
        help={chosen ? `${chosen.help} ${chosen.better === "up" ? "More is better." : "Less is better."}` : undefined}
        value={draft.primary}
        options={Object.entries(OUTCOMES).map(([key, { name }]) => ({ value: key, label: name }))}
        onChange={(key) => onChange(withPrimary(draft, key))}
      />
      <p className="max-w-[72ch] text-sm text-pretty text-quiet">One only: among many measures one always looks better by chance. The others say what it costs.</p>
      <fieldset className="min-w-0">
        <legend className="font-medium">What else is looked at</legend>
        <p className="mt-1 text-xs text-pretty text-quiet">What must not get worse is told as harm as soon as it is more than chance, whatever decides.</p>
        <ul className="mt-2 divide-y divide-line border-y border-line">
          {others.map(([key, { name, help }]) => (
            <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
              <span className="min-w-0 flex-1 basis-56">
                <span className="block text-sm font-medium">{name}</span>
                <span className="block text-xs text-pretty text-quiet">{help}</span>
              </span>
              <Margin draft={draft} metric={key} onChange={onChange} />
              <Select className="w-44" aria-label={`How ${outcomeInWords(key)} is looked at`} value={watchedAs(draft, key)} options={watchings} onChange={(watched) => onChange(withWatched(draft, key, watched as Watched))} />
            </li>
          ))}
        </ul>
      </fieldset>
    </>
  );
}

/** How much worse is borne all the same. */
function Margin({ draft, metric, onChange }: Props & { metric: string }) {
  const margin = draft.guardrails[metric];
  if (margin === undefined) return null;
  const wrong = wrongPercent(margin, 0.1);
  return (
    <span className="inline-flex items-center gap-1.5 text-sm text-quiet">
      by
      <span className="w-14">
        <Input className="px-2 text-right" inputMode="decimal" aria-label={`How much worse ${outcomeInWords(metric)} may get, in percent`} aria-invalid={wrong !== null} title={wrong ?? undefined} value={margin} autoComplete="off" onChange={(event) => onChange({ ...draft, guardrails: { ...draft.guardrails, [metric]: event.target.value } })} />
      </span>
      <span className="whitespace-nowrap">% at most</span>
    </span>
  );
}
