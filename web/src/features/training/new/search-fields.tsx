import { MOST_TRIALS, wrongCount, type Draft } from "./draft";

import type { Engine } from "@/api/learning";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: Draft;
  engine: Engine;
  onChange: (draft: Draft) => void;
}

/** Whether other values of the parameters are tried, and how many. */
export function SearchFields({ draft, engine, onChange }: Props) {
  const names = Object.keys(engine.search);
  return (
    <div className="space-y-5">
      <TextField
        label="Trials"
        help={`Each is a training of its own, on the same examples. The best by ${engine.objective ?? "its figure"} of examples that are held back becomes the version.`}
        inputMode="numeric"
        autoComplete="off"
        optional
        value={draft.trials}
        placeholder="none"
        check={(text) => wrongCount(text, MOST_TRIALS)}
        onChange={(trials) => onChange({ ...draft, trials })}
      />
      <p className="text-sm text-quiet">
        What {engine.name} tries: <span className="font-mono text-xs text-ink">{names.join(", ")}</span>. Other ranges can be given by the API.
      </p>
    </div>
  );
}
