import { wrongPercent, type Draft } from "./draft";

import type { Unit } from "@/api/experiments";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

/** Who is in it, and what stays with one arm. */
export function AudienceStep({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  return (
    <>
      <SelectField
        label="By lot goes"
        help={
          draft.unit === "user"
            ? "Somebody who had the new answer yesterday has it today, too. Calls say who it is by user, or the header x-hone-user."
            : "For calls that do not say whose they are. The same person may meet both, in two conversations."
        }
        value={draft.unit}
        options={[
          { value: "user", label: "Each person" },
          { value: "conversation", label: "Each conversation" },
        ]}
        onChange={(unit) => onChange({ ...draft, unit: unit as Unit })}
      />
      <TextField label="Takes part" unit="% of them" help="The rest is answered as before, and not counted. Fewer is safer, and takes longer." inputMode="decimal" autoComplete="off" value={draft.coverage} check={wrongPercent} onChange={(coverage) => onChange({ ...draft, coverage })} />
    </>
  );
}
