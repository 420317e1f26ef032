import { useNavigate } from "@tanstack/react-router";

import { useMe } from "@/api/me";
import type { Permission } from "@/api/schema";
import { useSignOut } from "@/features/identity/queries";
import { paths } from "@/lib/paths";
import { chooseTheme } from "@/lib/theme";

interface Action {
  title: string;
  can?: Permission;
  run: () => void;
}

/** What can be done from anywhere, as far as one's role reaches. */
export function useActions(onHelp: () => void): Action[] {
  const { permissions } = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const actions: Action[] = [
    { title: "Create a key", can: "keys:write", run: () => void navigate({ href: `${paths.keys}?create=true` }) },
    { title: "Train a model", can: "training:write", run: () => void navigate({ to: paths.newRun }) },
    { title: "Schedule a training", can: "training:write", run: () => void navigate({ href: `${paths.schedules}?create=true` }) },
    { title: "Compare two in an experiment", can: "experiments:write", run: () => void navigate({ to: paths.newExperiment }) },
    { title: "Release a version", can: "releases:write", run: () => void navigate({ to: paths.newRelease }) },
    { title: "Set a limit", can: "limits:write", run: () => void navigate({ href: `${paths.limits}?create=true` }) },
    { title: "Create a dataset", can: "datasets:write", run: () => void navigate({ href: `${paths.datasets}?create=true` }) },
    { title: "Invite a person", can: "people:write", run: () => void navigate({ href: `${paths.people}?invite=true` }) },
    { title: "Create a team", can: "people:write", run: () => void navigate({ href: `${paths.teams}?create=true` }) },
    { title: "Add an identity provider", can: "organization:write", run: () => void navigate({ href: `${paths.security}?add=true` }) },
    { title: "Use the light theme", run: () => chooseTheme("light") },
    { title: "Use the dark theme", run: () => chooseTheme("dark") },
    { title: "Use the system's theme", run: () => chooseTheme("system") },
    { title: "Show the keyboard map", run: onHelp },
    { title: "Sign out", run: () => signOut.mutate() },
  ];
  return actions.filter(({ can }) => can === undefined || permissions.includes(can));
}
