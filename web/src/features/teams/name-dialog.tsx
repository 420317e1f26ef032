import { useState } from "react";

import { useCreateTeam, useRenameTeam } from "./queries";

import type { TeamRead, TeamWithMembers } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";

const LONGEST = 120;

interface CreateProps {
  onClose: () => void;
  onMade: (team: TeamWithMembers) => void;
}

/** Makes a team, of which nobody is a member yet. */
export function CreateDialog({ onClose, onMade }: CreateProps) {
  const { mutate, error, isPending } = useCreateTeam();
  return (
    <NameDialog
      title="Create a team"
      action="Create the team"
      doing="Creating…"
      failed="No team was created"
      was=""
      error={error}
      busy={isPending}
      onName={(name) => mutate({ name }, { onSuccess: onMade })}
      onClose={onClose}
    />
  );
}

/** Gives a team another name, if it is still the team that was read. */
export function RenameDialog({ of: { id, name: was, version }, onClose }: { of: TeamRead; onClose: () => void }) {
  const { mutate, error, isPending } = useRenameTeam();
  return (
    <NameDialog
      title={`Rename ${was}`}
      action="Rename the team"
      doing="Renaming…"
      failed="The team keeps its name"
      was={was}
      error={error}
      busy={isPending}
      onName={(name) => mutate({ id, name, version }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

interface Props {
  title: string;
  action: string;
  doing: string;
  /** What a refusal means. */
  failed: string;
  was: string;
  error: Error | null;
  busy: boolean;
  onName: (name: string) => void;
  onClose: () => void;
}

function NameDialog({ failed, was, error, onName, ...dialog }: Props) {
  const [name, setName] = useState(was);
  const beside = errorBeside(error, ["name"]);
  const ready = name.trim() !== "" && name.trim() !== was;
  return (
    <FormDialog {...dialog} error={error} ready={ready} wide onSubmit={() => onName(name.trim())}>
      {beside && <Failure title={failed} error={beside} />}
      <TextField
        label="Name"
        help="What people call it: what they work on, or whom they work for."
        value={name}
        onChange={setName}
        error={errorAt(error, "name")}
        required
        maxLength={LONGEST}
      />
    </FormDialog>
  );
}
