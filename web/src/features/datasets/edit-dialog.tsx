import { useState } from "react";

import { draftBody, nameFault } from "./draft";
import { DraftFields, FIELDS } from "./draft-fields";
import { useUpdateDataset } from "./queries";
import type { DatasetRead } from "./shapes";

import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { toasts } from "@/components/toast/store";
import { without } from "@/lib/url-state";

/** Changes what a dataset is called and where its examples come from. */
export function EditDialog({ dataset, onClose }: { dataset: DatasetRead; onClose: () => void }) {
  const { id, name, kind, description, collects } = dataset;
  const [draft, setDraft] = useState({ name, kind, description, collects });
  const { mutate, error, isPending } = useUpdateDataset(id);
  const beside = errorBeside(error, FIELDS);

  function submit() {
    const change = without(draftBody(draft), "kind");
    mutate(
      change,
      {
        onSuccess: () => {
          toasts.show(`Saved ${change.name}`);
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog title={`Change ${name}`} action="Save" doing="Saving…" error={error} busy={isPending} ready={nameFault(draft.name) === null} wide onSubmit={submit} onClose={onClose}>
      {beside && <Failure title="Nothing was changed" error={beside} />}
      <DraftFields draft={draft} error={error} onChange={setDraft} fixed />
    </FormDialog>
  );
}
