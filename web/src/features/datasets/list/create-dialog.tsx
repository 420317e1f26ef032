import { useState } from "react";

import { draftBody, emptyDraft, nameFault } from "../draft";
import { DraftFields, FIELDS } from "../draft-fields";
import { useCreateDataset } from "../queries";
import type { DatasetRead } from "../shapes";

import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";

interface Props {
  onClose: () => void;
  onMade: (dataset: DatasetRead) => void;
}

/** Makes a dataset, empty at first. */
export function CreateDialog({ onClose, onMade }: Props) {
  const [draft, setDraft] = useState(emptyDraft);
  const { mutate, error, isPending } = useCreateDataset();
  const beside = errorBeside(error, FIELDS);
  return (
    <FormDialog
      title="Create a dataset"
      action="Create and import"
      doing="Creating…"
      error={error}
      busy={isPending}
      ready={nameFault(draft.name) === null}
      wide
      onSubmit={() => mutate(draftBody(draft), { onSuccess: onMade })}
      onClose={onClose}
    >
      {beside && <Failure title="No dataset was made" error={beside} />}
      <DraftFields draft={draft} error={error} onChange={setDraft} />
    </FormDialog>
  );
}
