import { urlFault, usualUrl, type ProviderDraft } from "./provider-draft";
import { isOwn, vendorName } from "./vendors";

import type { ProviderKind } from "@/api/schema.gen";
import { errorAt } from "@/components/form/errors";
import { SecretField } from "@/components/form/secret-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";

interface Props {
  draft: ProviderDraft;
  /** A credential is kept already. */
  sealed: boolean;
  kinds: readonly ProviderKind[];
  error: Error | null;
  onChange: (draft: ProviderDraft) => void;
  onKind: (kind: string) => void;
}

export function ProviderFields({ draft, sealed, kinds, error, onChange, onKind }: Props) {
  const usual = usualUrl(draft.kind, kinds);
  return (
    <>
      <SelectField
        label="Vendor"
        help="Who runs it. It decides the address, and small differences in what is sent."
        value={draft.kind}
        options={kinds.map(({ kind }) => ({ value: kind, label: vendorName(kind) }))}
        error={errorAt(error, "kind")}
        onChange={onKind}
      />
      <TextField
        label="Name"
        help="What models name it by. It can be changed later."
        value={draft.name}
        maxLength={120}
        required
        check={(text) => (text.trim() === "" ? "A provider needs a name." : null)}
        error={errorAt(error, "name")}
        onChange={(name) => onChange({ ...draft, name })}
      />
      <TextField
        label="Base URL"
        help={usual === "" ? "Where its API is; mostly it ends in /v1." : "Leave it empty for the vendor's own address."}
        optional={usual !== ""}
        mono
        inputMode="url"
        placeholder={usual === "" ? "https://models.example.org/v1" : usual}
        value={draft.baseUrl}
        spellCheck={false}
        autoCapitalize="off"
        check={urlFault}
        error={errorAt(error, "baseUrl")}
        onChange={(baseUrl) => onChange({ ...draft, baseUrl })}
      />
      <SecretField
        label="API key"
        help={
          sealed
            ? "A key is sealed here. Enter another one to replace it; leave it empty to keep it."
            : "Sealed before it is stored, and shown to nobody again."
        }
        optional={isOwn(draft.kind) || sealed}
        value={draft.apiKey}
        placeholder={sealed ? "Sealed" : ""}
        error={errorAt(error, "apiKey")}
        onChange={(apiKey) => onChange({ ...draft, apiKey })}
      />
    </>
  );
}
