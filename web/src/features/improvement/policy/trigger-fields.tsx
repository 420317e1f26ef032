import { useId } from "react";

import { wrongCount, wrongHours, wrongShare, type PolicyDraft } from "./draft";

import type { TriggerKind } from "@/api/improvement";
import { FieldError } from "@/components/form/field";
import { Input } from "@/components/ui/input";

interface Props {
  draft: PolicyDraft;
  error: Error | null;
  onChange: (draft: PolicyDraft) => void;
}

interface Line {
  kind: TriggerKind;
  before: string;
  field?: "below" | "examples" | "hours" | "corrections";
  after: string;
  check?: (text: string) => string | null;
  help: string;
}

const lines: Line[] = [
  { kind: "accuracy_below", before: "accuracy falls below", field: "below", after: "%", check: wrongShare, help: "When its whole 95 % interval lies below, so that chance begins nothing." },
  { kind: "new_examples", before: "there are", field: "examples", after: "new examples", check: wrongCount, help: "Validated since the model was trained." },
  { kind: "feedback_batch", before: "people corrected", field: "corrections", after: "answers", check: wrongCount, help: "What is held as suspicious does not count." },
  { kind: "interval", before: "", field: "hours", after: "hours have passed", check: wrongHours, help: "And something is new." },
  { kind: "drift", before: "people ask for other things, and it loses by that", after: "", help: "As the drift monitor of the model tells." },
];

/** What begins a turn: each on or off, with its one number in the sentence. */
export function TriggerFields({ draft, onChange }: Props) {
  return lines.map((line) => <TriggerLine key={line.kind} line={line} draft={draft} onChange={onChange} />);
}

function wrongIn(draft: PolicyDraft, field: Line["field"], check: Line["check"]): string | null {
  return field !== undefined && check !== undefined ? check(draft[field]) : null;
}

function TriggerLine({ line: { kind, before, field, after, check, help }, draft, onChange }: { line: Line; draft: PolicyDraft; onChange: (draft: PolicyDraft) => void }) {
  const id = useId();
  const on = draft.on[kind];
  const wrong = on ? wrongIn(draft, field, check) : null;
  return (
    <div className="flex gap-2.5">
      <span className="hit mt-2 inline-flex size-4 shrink-0">
        <input id={id} type="checkbox" className="relative z-1 size-4 accent-accent" checked={on} aria-describedby={`${id}-help`} onChange={(event) => onChange({ ...draft, on: { ...draft.on, [kind]: event.target.checked } })} />
      </span>
      <div className="min-w-0">
        <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1">
          <label htmlFor={id} className={before === "" ? "sr-only" : undefined}>
            {before || after}
          </label>
          {field !== undefined && (
            <span className="inline-block w-24">
              <Input aria-label={`${before} so many: ${after}`.trim()} aria-invalid={wrong !== null} inputMode="decimal" className="h-8 text-right" disabled={!on} value={draft[field]} onChange={(event) => onChange({ ...draft, [field]: event.target.value })} />
            </span>
          )}
          <span>{after}</span>
        </div>
        <p id={`${id}-help`} className="text-xs text-pretty text-quiet">
          {help}
        </p>
        {wrong !== null && <FieldError>{wrong}</FieldError>}
      </div>
    </div>
  );
}
