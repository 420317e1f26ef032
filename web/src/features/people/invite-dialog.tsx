import { useState } from "react";

import { LinkOnce } from "./link-once";
import { useInvite } from "./queries";

import { useTeamNames } from "@/api/teams";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Role } from "@/lib/permissions";
import { roleHelp, roleOptions } from "@/lib/roles";

const NO_TEAM = "";

/** Asks somebody to join, and shows the link by which they do. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const [team, setTeam] = useState(NO_TEAM);
  const teams = useTeamNames();
  const { mutate, data, error, isPending } = useInvite();
  const beside = errorBeside(error, ["email", "name", "role", "teams"]);

  function submit() {
    mutate({ email: email.trim(), name: name.trim(), role, teams: team === NO_TEAM ? [] : [team] });
  }

  if (data) {
    return (
      <Dialog
        title={`${data.person.name} is invited`}
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <p className="text-quiet">
          {data.sent ? `A mail with the link is on its way to ${data.person.email}.` : "No mail is sent from here: hand over the link yourself."}
        </p>
        <LinkOnce link={data} title="Invitation" />
      </Dialog>
    );
  }
  return (
    <FormDialog title="Invite a person" action="Invite" doing="Inviting…" error={error} busy={isPending} wide onSubmit={submit} onClose={onClose}>
      {beside && <Failure title="Nobody was invited" error={beside} />}
      <TextField
        label="E-mail address"
        help="They sign in with it."
        type="email"
        value={email}
        onChange={setEmail}
        error={errorAt(error, "email")}
        required
        maxLength={320}
        autoFocus
      />
      <TextField
        label="Name"
        help="They can change it when they join."
        value={name}
        onChange={setName}
        error={errorAt(error, "name")}
        required
        maxLength={120}
      />
      <SelectField
        label="Role"
        help={`${roleHelp(role)} It can be changed at any time and counts within a second.`}
        value={role}
        onChange={(value) => setRole(value as Role)}
        options={roleOptions}
        error={errorAt(error, "role")}
      />
      {teams.size > 0 && (
        <SelectField
          label="Team"
          help="They join it at once; more can be added later."
          value={team}
          onChange={setTeam}
          options={[{ value: NO_TEAM, label: "no team" }, ...[...teams].map(([value, label]) => ({ value, label }))]}
          error={errorAt(error, "teams")}
        />
      )}
    </FormDialog>
  );
}
