import { useState } from "react";

import { amountFault, complete, emptyDraft, limitBody, plainAmount, windowOf, type LimitDraft } from "./draft";
import { LenienceField } from "./lenience-field";
import { useCreateLimit } from "./queries";
import { SubjectField } from "./subject-field";
import { allowance, calendar, measures, windows } from "./words";

import type { LimitRead, Measure, Window } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

const FIELDS = ["subject", "measure", "window", "amount"];

interface Props {
  onClose: () => void;
  onMade: (limit: LimitRead) => void;
}

/** Sets a limit; it counts from then on. */
export function CreateDialog({ onClose, onMade }: Props) {
  const [draft, setDraft] = useState(emptyDraft);
  const { mutate, error, isPending } = useCreateLimit();
  const beside = errorBeside(error, FIELDS);
  return (
    <FormDialog
      title="Set a limit"
      action="Set the limit"
      doing="Setting…"
      error={error}
      busy={isPending}
      ready={complete(draft)}
      wide
      onSubmit={() => mutate(limitBody(draft), { onSuccess: onMade })}
      onClose={onClose}
    >
      {beside && <Failure title="No limit was set" error={beside} />}
      <SubjectField draft={draft} error={error} onChange={setDraft} />
      <Amount draft={draft} error={error} onChange={setDraft} />
      <LenienceField checked={draft.lenient} onChange={(lenient) => setDraft({ ...draft, lenient })} />
      <p aria-live="polite" className="min-h-10 text-pretty text-quiet">
        {amountFault(draft.measure, draft.amount) === null && <Outcome of={draft} />}
      </p>
    </FormDialog>
  );
}

/** What will hold, in words. */
function Outcome({ of: draft }: { of: LimitDraft }) {
  const window = windowOf(draft);
  return (
    <>
      At most <strong className="font-medium text-ink">{allowance(draft.measure, window, Number(plainAmount(draft.amount)))}</strong>, counted from now on.{" "}
      {window === null ? "A call that ends makes room for the next." : `It starts anew ${calendar[window]}.`}
    </>
  );
}

interface AmountProps {
  draft: LimitDraft;
  error: Error | null;
  onChange: (draft: LimitDraft) => void;
}

function Amount({ draft, error, onChange }: AmountProps) {
  const { measure, window, amount } = draft;
  return (
    <>
      <SelectField
        label="Counts"
        help={measures[measure].help}
        value={measure}
        options={(Object.keys(measures) as Measure[]).map((value) => ({ value, label: measures[value].label }))}
        error={errorAt(error, "measure")}
        onChange={(next) => onChange({ ...draft, measure: next as Measure })}
      />
      {measure !== "concurrency" && (
        <SelectField
          label="Window"
          help="By the calendar in UTC."
          value={window}
          options={(Object.keys(windows) as Window[]).map((value) => ({ value, label: windows[value] }))}
          error={errorAt(error, "window")}
          onChange={(next) => onChange({ ...draft, window: next as Window })}
        />
      )}
      <TextField
        // What is wrong with dollars may be right for calls.
        key={measure}
        label="At most"
        unit={measures[measure].unit}
        inputMode={measure === "cost" ? "decimal" : "numeric"}
        value={amount}
        check={(text) => amountFault(measure, text)}
        error={errorAt(error, "amount")}
        onChange={(next) => onChange({ ...draft, amount: next })}
      />
    </>
  );
}
