import { methods } from "../words";

import { wrongPercent, type Draft } from "./draft";

import type { Method } from "@/api/experiments";
import { CheckField } from "@/components/form/check-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { outcomeInWords } from "@/lib/outcomes";

/** How small a change one wants to know of, and how sure one wants to be: both cost time. */
export function DurationStep({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  return (
    <>
      <TextField
        label="The smallest change worth knowing"
        unit={`% of ${outcomeInWords(draft.primary)}`}
        help="Half as small takes four times as long. What would make you change your mind?"
        inputMode="decimal"
        autoComplete="off"
        value={draft.effect}
        check={(text) => wrongPercent(text, 0.1, 1000)}
        onChange={(effect) => onChange({ ...draft, effect })}
      />
      <SelectField label="When one looks" help={methods[draft.method].help} value={draft.method} options={Object.entries(methods).map(([value, { name }]) => ({ value, label: name }))} onChange={(method) => onChange({ ...draft, method: method as Method })} />
      <SelectField
        label="How often may chance fool you"
        help="How often a difference is told where there is none."
        value={draft.alpha}
        options={[
          { value: "0.01", label: "1 time in 100: for what is costly to undo" },
          { value: "0.05", label: "1 time in 20: usual" },
          { value: "0.1", label: "1 time in 10: for what is easily undone" },
        ]}
        onChange={(alpha) => onChange({ ...draft, alpha })}
      />
      <SelectField
        label="How often must a real change be found"
        value={draft.power}
        options={[
          { value: "0.8", label: "8 times in 10: usual" },
          { value: "0.9", label: "9 times in 10" },
          { value: "0.95", label: "19 times in 20" },
        ]}
        onChange={(power) => onChange({ ...draft, power })}
      />
      <CheckField
        label="Give more to what does better as it goes"
        help="Fewer get the worse answer while one learns; how large the difference is will be known less well. For what is tried often and decided soon."
        checked={draft.mode === "bandit"}
        onChange={(bandit) => onChange({ ...draft, mode: bandit ? "bandit" : "fixed" })}
      />
    </>
  );
}
