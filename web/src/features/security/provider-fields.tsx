import { domainsProblem, issuerProblem, type Draft } from "./draft";

import { CheckField } from "@/components/form/check-field";
import { errorAt } from "@/components/form/errors";
import { SecretField } from "@/components/form/secret-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { roleHelp, roleOptions } from "@/lib/roles";

interface Props {
  draft: Draft;
  /** A secret is kept already. */
  sealed: boolean;
  error: Error | null;
  onChange: (draft: Draft) => void;
}

/** What is asked about an identity provider. */
export function ProviderFields({ draft, sealed, error, onChange }: Props) {
  const set = <Name extends keyof Draft>(name: Name) => (value: Draft[Name]) => onChange({ ...draft, [name]: value });
  return (
    <>
      <TextField
        label="Name"
        help="The button on the sign-in page says: Sign in with this."
        value={draft.name}
        onChange={set("name")}
        error={errorAt(error, "name")}
        required
        maxLength={120}
      />
      <TextField
        label="Issuer"
        help="The provider's address, as it writes itself: what stands before /.well-known/openid-configuration."
        type="url"
        mono
        placeholder="https://login.example.com"
        value={draft.issuer}
        onChange={set("issuer")}
        check={issuerProblem}
        error={errorAt(error, "issuer")}
        required
        maxLength={2048}
      />
      <TextField
        label="Client id"
        help="The provider gives it when Hone is registered there."
        mono
        value={draft.clientId}
        onChange={set("clientId")}
        error={errorAt(error, "clientId")}
        required
        maxLength={512}
      />
      {!draft.public && (
        <SecretField
          label="Client secret"
          optional
          help={sealed ? "One is kept, sealed. Leave this empty to keep it." : "Kept sealed and never shown again. A public client has none."}
          value={draft.clientSecret}
          onChange={set("clientSecret")}
          error={errorAt(error, "clientSecret")}
        />
      )}
      {sealed && <CheckField label="Forget the secret that is kept" help="For a client that the provider now calls public." checked={draft.public} onChange={set("public")} />}
      <Admission draft={draft} error={error} set={set} />
    </>
  );
}

interface AdmissionProps {
  draft: Draft;
  error: Error | null;
  set: <Name extends keyof Draft>(name: Name) => (value: Draft[Name]) => void;
}

function Admission({ draft, error, set }: AdmissionProps) {
  return (
    <>
      <SelectField
        label="Newcomers"
        help={`What somebody becomes who was not invited.${draft.role === "" ? "" : ` ${roleHelp(draft.role)}`}`}
        value={draft.role}
        onChange={(role) => set("role")(role as Draft["role"])}
        options={[{ value: "", label: "Nobody: only people who are here already" }, ...roleOptions]}
        error={errorAt(error, "role")}
      />
      <TextField
        label="Domains"
        optional={draft.role === ""}
        help="What stands behind the @ of those who may come in, separated by commas."
        mono
        placeholder="example.com"
        value={draft.domains}
        onChange={set("domains")}
        error={errorAt(error, "domains") ?? domainsProblem(draft)}
      />
      <TextField
        label="Scopes"
        help="What is asked of the provider; openid and email are needed."
        mono
        value={draft.scopes}
        onChange={set("scopes")}
        error={errorAt(error, "scopes")}
      />
      <CheckField label="Show it on the sign-in page" help="Hidden, it can be tried by its own address first." checked={draft.listed} onChange={set("listed")} />
    </>
  );
}
