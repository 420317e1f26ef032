import { useState } from "react";

import { Created } from "./created";
import { PermissionChoice } from "./permission-choice";
import { presets } from "./presets";
import { useCreateKey, useRouteNames } from "./queries";

import { useMe } from "@/api/me";
import { useTeamNames } from "@/api/teams";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { Permission } from "@/lib/permissions";

const DAY_MS = 86_400_000;
const lives = [
  { value: "", label: "never" },
  { value: "7", label: "after 7 days" },
  { value: "30", label: "after 30 days" },
  { value: "90", label: "after 90 days" },
  { value: "365", label: "after a year" },
];
const EVERY = "";
const NOBODYS = "";
const NONE = "";
const callable = (route: string, names: string[]) => (route === EVERY ? names : [route]);
const given = (value: string) => (value === "" ? null : value);

/** Makes a key, then shows it once. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const names = useRouteNames();
  const teams = useTeamNames();
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<Permission[]>(presets[0]?.permissions.filter((each) => me.permissions.includes(each)) ?? []);
  const [route, setRoute] = useState(EVERY);
  const [defaultRoute, setDefaultRoute] = useState(NONE);
  const [team, setTeam] = useState(NOBODYS);
  const [days, setDays] = useState("90");
  const { mutate, data, error, isPending } = useCreateKey();
  const beside = errorBeside(error, ["name", "permissions", "routes", "defaultRoute", "teamId", "expiresAt"]);

  function submit() {
    mutate({
      name: name.trim(),
      permissions,
      routes: route === EVERY ? null : [route],
      defaultRoute: given(defaultRoute),
      teamId: given(team),
      expiresAt: days === "" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
    });
  }

  if (data) {
    return (
      <Dialog
        title={`The key ${data.name}`}
        onClose={onClose}
        wide
        footer={
          <Button look="primary" onClick={onClose}>
            I have copied the key
          </Button>
        }
      >
        <Created created={data} route={route || (names[0] ?? "assistant")} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      title="Create a key"
      action="Create the key"
      doing="Creating…"
      error={error}
      busy={isPending}
      ready={permissions.length > 0}
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      {beside && <Failure title="No key was created" error={beside} />}
      <TextField
        label="Name"
        help="What the key is for, so that others know whether it can go."
        value={name}
        onChange={setName}
        error={errorAt(error, "name")}
        required
        maxLength={120}
        autoFocus
      />
      <PermissionChoice held={me.permissions} value={permissions} onChange={setPermissions} />
      <SelectField
        label="Routes"
        help="What it may call. A route that is added later counts as well, if it may call every one."
        value={route}
        onChange={(held) => {
          setRoute(held);
          setDefaultRoute(NONE);
        }}
        options={[{ value: EVERY, label: "every route" }, ...names.map((each) => ({ value: each, label: each }))]}
        error={errorAt(error, "routes")}
      />
      <SelectField
        label="Default route"
        help="Asked where a call names no model, and for what a provider keeps: files, stored answers."
        value={defaultRoute}
        onChange={setDefaultRoute}
        options={[{ value: NONE, label: "none: Hone chooses" }, ...callable(route, names).map((each) => ({ value: each, label: each }))]}
        error={errorAt(error, "defaultRoute")}
      />
      {teams.size > 0 && (
        <SelectField
          label="Team"
          help="Whom to ask before it ends."
          value={team}
          onChange={setTeam}
          options={[{ value: NOBODYS, label: "no team" }, ...[...teams].map(([value, label]) => ({ value, label }))]}
          error={errorAt(error, "teamId")}
        />
      )}
      <SelectField
        label="Expires"
        help="A key that ends by itself needs no one to remember it."
        value={days}
        onChange={setDays}
        options={lives}
        error={errorAt(error, "expiresAt")}
      />
    </FormDialog>
  );
}
