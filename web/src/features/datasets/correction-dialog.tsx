import { useState } from "react";

import { correctionOf, draftOf } from "./correction";
import { LabelPicker } from "./label-picker";
import type { DatasetRead, ExampleRead, Output } from "./shapes";
import { hasLabels, inputText, kinds } from "./words";

import { Failure } from "@/components/failure";
import { Field } from "@/components/form/field";
import { FormDialog } from "@/components/form/form-dialog";
import { Dialog } from "@/components/ui/dialog";
import { controlLook } from "@/components/ui/input";
import { cn } from "@/lib/cn";

interface Props {
  dataset: DatasetRead;
  example: ExampleRead;
  busy: boolean;
  error: Error | null;
  onSave: (output: Output) => void;
  onClose: () => void;
}

/** Says what should have come out instead: one of few labels, or a text. */
export function CorrectionDialog({ dataset, example, ...props }: Props) {
  const Form = hasLabels(dataset.kind) ? LabelCorrection : TextCorrection;
  return <Form dataset={dataset} example={example} {...props} />;
}

function LabelCorrection({ dataset, example, error, onSave, onClose }: Props) {
  return (
    <Dialog title="Which label is right?" onClose={onClose}>
      <p className="line-clamp-4 wrap-anywhere text-quiet">{inputText(example.input)}</p>
      {error && <Failure title="Nothing was changed" error={error} />}
      <LabelPicker datasetId={dataset.id} now={example.label} onPick={onSave} />
    </Dialog>
  );
}

function TextCorrection({ dataset: { kind }, example, busy, error, onSave, onClose }: Props) {
  const [text, setText] = useState(() => draftOf(example));
  const read = correctionOf(kind, text, example);
  return (
    <FormDialog title="What should come out?" action="Save the correction" doing="Saving…" error={error} busy={busy} ready={read.fault === null} wide onSubmit={() => onSave(read.output)} onClose={onClose}>
      <p className="line-clamp-6 wrap-anywhere whitespace-pre-wrap text-quiet">{inputText(example.input)}</p>
      {error && <Failure title="Nothing was changed" error={error} />}
      <Field label={kinds[kind].output} help={kind === "entity" ? "A line for each: its label, a colon, and the words as they stand in the text." : undefined} error={text === "" ? null : read.fault}>
        {(control) => (
          <textarea
            {...control}
            rows={6}
            className={cn(controlLook, "resize-y py-2 leading-5")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && read.fault === null) onSave(read.output);
            }}
          />
        )}
      </Field>
      <p className="text-xs text-quiet">Ctrl or ⌘ with Enter saves it, and the example counts as approved.</p>
    </FormDialog>
  );
}
