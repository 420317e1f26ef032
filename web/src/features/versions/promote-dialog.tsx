import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { GateChecks } from "./gate";
import { usePromote, versionQuery } from "./queries";
import { willChange } from "./words";

import type { Environment, Gate, Live } from "@/api/versions";
import { Failure } from "@/components/failure";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextArea } from "@/components/form/text-area";
import { TextField } from "@/components/form/text-field";
import { Notice } from "@/components/notice";
import { toasts } from "@/components/toast/store";
import { Skeleton } from "@/components/ui/skeleton";

interface Props {
  name: string;
  version: string;
  live: Live;
  onClose: () => void;
}

const places: { value: Environment; label: string }[] = [
  { value: "production", label: "Production" },
  { value: "staging", label: "Staging" },
];

/** Shorter than this says nothing. */
const LEAST = 10;
const wrongReason = (text: string) => (text.trim().length >= LEAST ? null : `Say why, in ${LEAST} characters or more: it is kept in the history.`);

/** Puts a version in force: what will change, what its gates say, and, where they did not pass, why it is done all the same. */
export function PromoteDialog({ name, version, live, onClose }: Props) {
  const { data: shown } = useQuery(versionQuery(name, version));
  const promote = usePromote(name);
  const [environment, setEnvironment] = useState<Environment>("production");
  const [reason, setReason] = useState("");
  const [override, setOverride] = useState("");
  const passed = shown?.gate.passed ?? false;
  const before = environment === "staging" ? live.staging : live.production;

  const why = reason.trim();

  function submit() {
    promote.mutate(
      { version, environment, ...(why && { reason: why }), ...(!passed && { override: { reason: override.trim() } }) },
      {
        onSuccess: () => {
          onClose();
          toasts.show(environment === "production" ? `${name} is answered by ${version} now` : `${version} is in staging`);
        },
      },
    );
  }

  return (
    <FormDialog
      title={`Promote ${version} of ${name}?`}
      action={passed ? `Promote ${version}` : `Promote ${version} all the same`}
      doing="Promoting…"
      error={promote.error}
      busy={promote.isPending}
      ready={passed || (shown !== undefined && wrongReason(override) === null)}
      danger={!passed}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-pretty">{willChange(version, environment, before, name)} {before == null ? "It can be taken out of force again." : `One press goes back to ${before}.`}</p>
      <SelectField label="Where" help="Production is what every call gets; staging is for trying it out." value={environment} options={places} onChange={(value) => setEnvironment(value as Environment)} />
      {shown ? <Proof gate={shown.gate} override={override} onChange={setOverride} /> : <Skeleton className="h-24" />}
      <TextField label="Reason" optional value={reason} placeholder="promoted" autoComplete="off" maxLength={2000} onChange={setReason} />
      {promote.error && <Failure title="Nothing was changed" error={promote.error} />}
    </FormDialog>
  );
}

function Proof({ gate, override, onChange }: { gate: Gate; override: string; onChange: (reason: string) => void }) {
  return (
    <>
      <GateChecks gate={gate} />
      {!gate.passed && <Overriding reason={override} onChange={onChange} />}
    </>
  );
}

/** Asks why it is done though a gate was not passed. */
function Overriding({ reason, onChange }: { reason: string; onChange: (reason: string) => void }) {
  const [touched, setTouched] = useState(false);

  function typed(text: string) {
    setTouched(true);
    onChange(text);
  }

  return (
    <>
      <Notice tone="warn" title="It did not pass its gates">
        It can go into force all the same. That you did it, and why, stands in the history and in the audit.
      </Notice>
      <TextArea label="Why all the same" rows={2} value={reason} error={touched ? wrongReason(reason) : null} onChange={typed} />
    </>
  );
}
