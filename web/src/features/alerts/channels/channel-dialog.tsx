import { useState } from "react";

import { useSaveChannel } from "../queries";

import { bodyOf, draftOf, kinds, severities, wrongAddresses, wrongUrl, type ChannelDraft } from "./words";

import type { AlertChannel, AlertChannelMade, ChannelKind, Severity } from "@/api/watch";
import { Failure } from "@/components/failure";
import { CheckField } from "@/components/form/check-field";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SecretField } from "@/components/form/secret-field";
import { SelectField } from "@/components/form/select-field";
import { TextArea } from "@/components/form/text-area";
import { TextField } from "@/components/form/text-field";
import { Segmented } from "@/components/ui/segmented";

interface Props {
  /** Null: a new one. */
  present: AlertChannel | null;
  onSaved: (channel: AlertChannelMade) => void;
  onClose: () => void;
}

const FIELDS = ["name", "to", "url", "severity"];
const options = (Object.keys(kinds) as ChannelKind[]).map((value) => ({ value, label: kinds[value] }));

/** Where alerts are to go, and which. */
export function ChannelDialog({ present, onSaved, onClose }: Props) {
  const [draft, setDraft] = useState<ChannelDraft>(() => draftOf(present));
  const save = useSaveChannel();
  const body = bodyOf(draft, present);
  const beside = errorBeside(save.error, FIELDS);
  return (
    <FormDialog
      title={present ? `Change ${present.name}` : "Add a channel"}
      action={present ? "Save the channel" : "Add the channel"}
      doing="Saving…"
      error={save.error}
      busy={save.isPending}
      ready={body !== null}
      onSubmit={() => body && save.mutate({ present, body }, { onSuccess: onSaved })}
      onClose={onClose}
    >
      {present === null && <Segmented label="How" value={draft.kind} options={options} onChange={(kind) => setDraft({ ...draft, kind })} />}
      <Target draft={draft} present={present} error={save.error} onChange={setDraft} />
      <TextField label="Name" optional placeholder={kinds[draft.kind]} autoComplete="off" maxLength={120} value={draft.name} error={errorAt(save.error, "name")} onChange={(name) => setDraft({ ...draft, name })} />
      <SelectField label="At once" value={draft.severity} options={severities} error={errorAt(save.error, "severity")} onChange={(severity) => setDraft({ ...draft, severity: severity as Severity })} />
      <CheckField label="The daily digest, too" help="What rang nobody, in one message a day; none where there is nothing to tell." checked={draft.digest} onChange={(digest) => setDraft({ ...draft, digest })} />
      {beside && <Failure title="Nothing was saved" error={beside} />}
    </FormDialog>
  );
}

interface TargetProps {
  draft: ChannelDraft;
  present: AlertChannel | null;
  error: Error | null;
  onChange: (draft: ChannelDraft) => void;
}

const urlHelp: Record<Exclude<ChannelKind, "email">, string> = {
  slack: "The address of an incoming webhook of your workspace. It is kept sealed.",
  webhook: "Messages are signed; the secret to check them by is shown once. The address is kept sealed.",
};

function Target({ draft, present, error, onChange }: TargetProps) {
  const [touched, setTouched] = useState(false);
  if (draft.kind === "email") {
    return (
      <TextArea
        label="To"
        help="Addresses, one after the other."
        rows={2}
        value={draft.to}
        error={errorAt(error, "to") ?? (touched ? wrongAddresses(draft.to) : null)}
        onChange={(to) => {
          setTouched(true);
          onChange({ ...draft, to });
        }}
      />
    );
  }
  return (
    <SecretField
      label="Address"
      help={urlHelp[draft.kind]}
      optional={present !== null}
      value={draft.url}
      placeholder={present ? `stays as it is: ${present.target}` : "https://"}
      error={errorAt(error, "url") ?? (touched && draft.url !== "" ? wrongUrl(draft.url) : null)}
      onChange={(url) => {
        setTouched(true);
        onChange({ ...draft, url });
      }}
    />
  );
}
