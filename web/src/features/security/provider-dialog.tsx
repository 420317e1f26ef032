import { useId, useState, type SubmitEvent } from "react";

import { bodyOf, draftOf, isReady } from "./draft";
import { ProviderFields } from "./provider-fields";
import { useSaveProvider } from "./queries";
import { RedirectAddress } from "./redirect-address";

import type { OidcRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

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
  const ready = isReady(draft);
  const id = useId();
  const form = useFirstWrong<HTMLFormElement>(error);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (ready) mutate({ body: bodyOf(draft), present: provider }, { onSuccess: onSaved });
  }

  const [title, save] = provider ? [`Change ${provider.name}`, "Save and test"] : ["Add an identity provider", "Add and test"];
  return (
    <Dialog
      title={title}
      onClose={onClose}
      busy={isPending}
      wide
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={id} disabled={isPending || !ready}>
            {isPending ? "Saving…" : save}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} onSubmit={submit} className="space-y-4">
        {!provider && <RedirectAddress />}
        <ProviderFields draft={draft} sealed={provider?.hasSecret ?? false} error={error} onChange={setDraft} />
        {beside && <Failure title="Nothing was saved" error={beside} />}
      </form>
    </Dialog>
  );
}
