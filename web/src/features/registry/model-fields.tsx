import type { ModelDraft } from "./model-draft";

import type { ProviderRead } from "@/api/schema.gen";
import { errorAt } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: ModelDraft;
  providers: readonly ProviderRead[];
  error: Error | null;
  onChange: (draft: ModelDraft) => void;
}

export function ModelFields({ draft, providers, error, onChange }: Props) {
  const set = (name: "name" | "provider" | "upstream") => (value: string) => onChange({ ...draft, [name]: value });
  return (
    <>
      <SelectField
        label="Provider"
        help="Who runs it."
        value={draft.provider}
        options={providers.map(({ name }) => ({ value: name, label: name }))}
        error={errorAt(error, "provider")}
        onChange={set("provider")}
      />
      <TextField
        label="Model at the provider"
        help="As the provider calls it. The catalogue is searched as you type."
        mono
        maxLength={256}
        spellCheck={false}
        autoCapitalize="off"
        value={draft.upstream}
        check={(text) => (text.trim() === "" ? "The provider's name for it is needed." : null)}
        error={errorAt(error, "upstream")}
        onChange={set("upstream")}
      />
      <TextField
        label="Name"
        help="Your own name for it; clients and routes use it. It can be changed later."
        mono
        maxLength={256}
        spellCheck={false}
        autoCapitalize="off"
        value={draft.name}
        check={(text) => (text.trim() === "" ? "A model needs a name." : null)}
        error={errorAt(error, "name")}
        onChange={set("name")}
      />
    </>
  );
}
