import { useState } from "react";

import { bodyOf, draftOf, isReady } from "./draft";
import { ProviderFields } from "./provider-fields";
import { useSaveProvider } from "./queries";
import { RedirectAddress } from "./redirect-address";

import type { OidcRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";

const FIELDS = ["name", "issuer", "clientId", "clientSecret", "role", "domains", "scopes"];

interface Props {
  provider: OidcRead | null;
  onClose: () => void;
  onSaved: (provider: OidcRead) => void;
}

/** Adds an identity provider, or changes one. */
export function ProviderDialog({ provider, onClose, onSaved }: Props) {
  const [draft, setDraft] = useState(() => draftOf(provider));
  const { mutate, error, isPending } = useSaveProvider();
  const beside = errorBeside(error, FIELDS);
  const [title, save] = provider ? [`Change ${provider.name}`, "Save and test"] : ["Add an identity provider", "Add and test"];
  return (
    <FormDialog
      title={title}
      action={save}
      doing="Saving…"
      error={error}
      busy={isPending}
      ready={isReady(draft)}
      wide
      onSubmit={() => mutate({ body: bodyOf(draft), present: provider }, { onSuccess: onSaved })}
      onClose={onClose}
    >
      {!provider && <RedirectAddress />}
      <ProviderFields draft={draft} sealed={provider?.hasSecret ?? false} error={error} onChange={setDraft} />
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}
