import { useState, type SubmitEvent } from "react";

import { LinkOnce } from "./link-once";
import { useChangeRole, useDeactivate, useEndSessions, useLink, useReactivate } from "./queries";

import { useMe } from "@/api/me";
import type { PersonRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Failure } from "@/components/failure";
import { SelectField } from "@/components/form/select-field";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import type { Role } from "@/lib/permissions";
import { roleHelp, roleName, roleOptions } from "@/lib/roles";

/** What an administrator does about a person. One's own role is somebody else's to change. */
export function PersonActions({ of: person }: { of: PersonRead }) {
  const self = useMe().id === person.id;
  return (
    <div className="mt-6 space-y-6 border-t border-line pt-6">
      {!self && person.state !== "deactivated" && <RoleChange of={person} />}
      {person.state === "deactivated" ? <Reactivation of={person} /> : <Access of={person} self={self} />}
    </div>
  );
}

/** A keyboard passes through roles on the way to one: it counts when one says so. */
function RoleChange({ of: { id, name, role, version } }: { of: PersonRead }) {
  const [chosen, setChosen] = useState<Role | null>(null);
  const { mutate, error, isPending } = useChangeRole();
  const next = chosen ?? (role as Role);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const done = () => {
      setChosen(null);
      toasts.show(`${name} is ${roleName(next).toLowerCase()} now`);
    };
    mutate({ id, version, role: next }, { onSuccess: done });
  }

  return (
    <form onSubmit={submit} className="space-y-3">
      <SelectField
        label="Role"
        help={`${roleHelp(next)} A change counts within a second, also where they are signed in.`}
        value={next}
        onChange={(value) => setChosen(value as Role)}
        options={roleOptions}
        error={error?.message}
      />
      <Button type="submit" disabled={next === role || isPending}>
        {isPending ? "Changing…" : "Change the role"}
      </Button>
    </form>
  );
}

function Reactivation({ of: { id, name } }: { of: PersonRead }) {
  const { mutateAsync, error, isPending } = useReactivate();
  // This is gone once the person is back; that they are is told all the same.
  const told = () => toasts.show(`${name} can sign in again`);
  return (
    <>
      {error && <Failure title="Nothing was changed" error={error} />}
      <Button disabled={isPending} onClick={() => void mutateAsync(id).then(told, () => undefined)}>
        Reactivate
      </Button>
    </>
  );
}

function Access({ of: person, self }: { of: PersonRead; self: boolean }) {
  const [asking, setAsking] = useState<"deactivate" | "sessions" | null>(null);
  const deactivate = useDeactivate();
  const endSessions = useEndSessions();
  const link = useLink();
  const done = () => setAsking(null);
  const invited = person.state === "invited";
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-2">
        <Button disabled={link.isPending} onClick={() => link.mutate(person)}>
          {invited ? "Renew the invitation" : "Make a link for a new password"}
        </Button>
        {!invited && !self && <Button onClick={() => setAsking("sessions")}>Sign out everywhere</Button>}
        {!self && (
          <Button look="danger" onClick={() => setAsking("deactivate")}>
            Deactivate
          </Button>
        )}
      </div>
      {link.error && <Failure title="No link was made" error={link.error} />}
      {link.data && <LinkOnce link={link.data} title={invited ? "Invitation" : "New password"} />}
      {asking === "sessions" && (
        <Confirm
          title={`Sign ${person.name} out everywhere?`}
          action={`Sign out ${person.name}`}
          doing="Signing out…"
          onConfirm={() => endSessions.mutateAsync(person.id).then(done)}
          onClose={done}
        >
          <p>Every browser of theirs asks for the password again. Their keys go on working.</p>
        </Confirm>
      )}
      {asking === "deactivate" && (
        <Confirm
          title={`Deactivate ${person.name}?`}
          action={`Deactivate ${person.name}`}
          doing="Deactivating…"
          onConfirm={() => deactivate.mutateAsync(person.id).then(done)}
          onClose={done}
        >
          <p>Their sessions end and their own keys stop working within a second. What they did stays in the audit. They can be reactivated.</p>
        </Confirm>
      )}
    </div>
  );
}
