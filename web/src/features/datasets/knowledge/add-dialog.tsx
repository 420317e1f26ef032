import { useState } from "react";

import { useAddPage, useUploadDocument } from "./queries";
import { addressFault, hoursOf, SCHEDULES } from "./words";

import type { KnowledgeRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt } from "@/components/form/errors";
import { Field } from "@/components/form/field";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";

interface Props {
  dataset: string;
  onMade: (made: KnowledgeRead) => void;
  onClose: () => void;
}

/** Adds a page by its address, which is read within seconds and then kept in sync. */
export function AddPageDialog({ dataset, onMade, onClose }: Props) {
  const [url, setUrl] = useState("");
  const [every, setEvery] = useState("24");
  const { mutate, error, isPending } = useAddPage(dataset);
  return (
    <FormDialog
      title="Add a page"
      action="Add the page"
      doing="Adding…"
      error={error}
      busy={isPending}
      ready={addressFault(url) === null}
      wide
      onSubmit={() => mutate({ url: url.trim(), everyHours: hoursOf(every) }, { onSuccess: onMade })}
      onClose={onClose}
    >
      {error && errorAt(error, "url") === null && <Failure title="The page was not added" error={error} />}
      <TextField
        label="Address"
        help="A page, a PDF document or an FAQ on the public internet."
        mono
        value={url}
        autoComplete="off"
        spellCheck={false}
        check={addressFault}
        error={errorAt(error, "url")}
        onChange={setUrl}
      />
      <SelectField label="Read again" help="What it says then takes the place of what it said. Models learn of it when they are trained next." value={every} options={[...SCHEDULES]} onChange={setEvery} />
    </FormDialog>
  );
}

/** Uploads a document; one of the same name takes its place. */
export function UploadDialog({ dataset, onMade, onClose }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const { mutate, error, isPending } = useUploadDocument(dataset);

  function done(made: KnowledgeRead) {
    toasts.show(`Read ${made.name}`);
    onMade(made);
  }

  return (
    <FormDialog title="Upload a document" action="Upload the document" doing="Reading…" error={error} busy={isPending} ready={file !== null} wide onSubmit={() => file && mutate(file, { onSuccess: done })} onClose={onClose}>
      {error && <Failure title="The document was not taken" error={error} />}
      <Field label="Document" help="PDF, HTML, Markdown, text, or questions with answers in JSON or CSV; at most 20 MB. One of the same name takes its place.">
        {(control) => <input {...control} type="file" className="block w-full" accept=".pdf,.html,.htm,.md,.txt,.json,.csv" onChange={({ target }) => setFile(target.files?.[0] ?? null)} />}
      </Field>
    </FormDialog>
  );
}
