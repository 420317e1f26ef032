import { CAPABILITIES, MODALITIES, qualityFault, type ModelDraft } from "./model-draft";

import type { Capability, Modality } from "@/api/schema.gen";
import { CheckField } from "@/components/form/check-field";
import { errorAt } from "@/components/form/errors";
import { FieldError } from "@/components/form/field";
import { TextField } from "@/components/form/text-field";

/** The fields that stand here, as the API names them. */
export const TRAITS = ["modalities", "capabilities", "region", "quality"] as const;

const modalities: Record<Modality, string> = { text: "Text", image: "Images", audio: "Audio", file: "Files" };
const capabilities: Record<Capability, string> = {
  chat: "Chat",
  completions: "Completions",
  embeddings: "Embeddings",
  tools: "Tools",
  json_schema: "JSON schemas",
  reasoning: "Reasoning",
  prefill: "Going on with an answer",
};

interface Props {
  draft: ModelDraft;
  error: Error | null;
  onChange: (draft: ModelDraft) => void;
}

/** What a model takes, can do, and is worth: what routes that choose by the call read of it. */
export function TraitsFields({ draft, error, onChange }: Props) {
  return (
    <>
      <Words
        legend="Takes"
        help="Intelligent and adaptive routes do not send it a call with something that it does not take."
        words={MODALITIES}
        labels={modalities}
        value={draft.modalities}
        error={errorAt(error, "modalities")}
        onChange={(value) => onChange({ ...draft, modalities: value })}
      />
      <Words
        legend="Can do"
        help="Intelligent and adaptive routes do not send it a call that asks for something that it cannot do."
        words={CAPABILITIES}
        labels={capabilities}
        value={draft.capabilities}
        error={errorAt(error, "capabilities")}
        onChange={(value) => onChange({ ...draft, capabilities: value })}
      />
      <TextField
        label="Region"
        help="Where it computes, such as eu. A route that asks for regions leaves out a model that says none."
        optional
        placeholder="not said"
        maxLength={64}
        autoCapitalize="off"
        spellCheck={false}
        value={draft.region}
        error={errorAt(error, "region")}
        onChange={(region) => onChange({ ...draft, region })}
      />
      <TextField
        label="Quality"
        help="How good you take its answers to be, 0 to 1. Intelligent and adaptive routes weigh it against cost and speed; empty counts as 0.5."
        optional
        placeholder="0.5"
        inputMode="decimal"
        value={draft.quality}
        check={qualityFault}
        error={errorAt(error, "quality")}
        onChange={(quality) => onChange({ ...draft, quality })}
      />
    </>
  );
}

interface WordsProps<Word extends string> {
  legend: string;
  help: string;
  words: readonly Word[];
  labels: Readonly<Record<Word, string>>;
  /** Null: as the catalogue says. */
  value: readonly Word[] | null;
  error: string | null;
  onChange: (value: readonly Word[] | null) => void;
}

/** Some of a few words, or what the catalogue says. */
function Words<Word extends string>({ legend, help, words, labels, value, error, onChange }: WordsProps<Word>) {
  const wrong = error ?? (value?.length === 0 ? "Choose at least one, or leave it to the catalogue." : null);
  const toggle = (word: Word) => onChange(words.filter((each) => (each === word) !== (value?.includes(each) ?? false)));
  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">{legend}</legend>
      <p className="mt-0.5 mb-2 text-xs text-pretty text-quiet">{help}</p>
      <CheckField label="As the catalogue says; where it says nothing, everything" checked={value === null} onChange={(left) => onChange(left ? null : words)} />
      {value && (
        <div className="mt-2 ml-6.5 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-3">
          {words.map((word) => (
            <CheckField key={word} label={labels[word]} checked={value.includes(word)} onChange={() => toggle(word)} />
          ))}
        </div>
      )}
      {wrong && <FieldError>{wrong}</FieldError>}
    </fieldset>
  );
}
