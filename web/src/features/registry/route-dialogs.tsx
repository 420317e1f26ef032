import { useNavigate } from "@tanstack/react-router";

import { conflictOf } from "./conflict";
import { ConflictDialog } from "./conflict-dialog";
import { SaveDialog } from "./save-dialog";
import { useRouteCommands } from "./use-route-commands";
import type { RouteEditing } from "./use-route-editing";

import type { RouteRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { paths } from "@/lib/paths";

/** What is asked before a route changes or goes, and when somebody else was faster. */
export function RouteDialogs({ route, base, before, after, told, asked, ask, save, send, begin }: RouteEditing & { route: RouteRead }) {
  const navigate = useNavigate();
  const { discard } = useRouteCommands();
  const conflict = conflictOf(save.error);

  function close() {
    save.reset();
    ask(null);
  }

  if (conflict) {
    return (
      <ConflictDialog
        key={conflict.present.version}
        conflict={conflict}
        base={before}
        mine={after}
        onSave={send}
        onDiscard={() => begin(conflict.present)}
        onClose={close}
      />
    );
  }
  if (asked === "save") {
    return (
      <SaveDialog
        title={`Change ${base.name}?`}
        before={before}
        after={after}
        preview={told.preview}
        action={`Save version ${base.version + 1}`}
        saving={save.isPending}
        error={save.error}
        onSave={() => send(after, base.version)}
        onClose={close}
      />
    );
  }
  if (asked !== "delete") return null;
  return (
    <Confirm
      title={`Delete the route ${route.name}?`}
      action={`Delete ${route.name}`}
      doing="Deleting…"
      onConfirm={async () => {
        await discard(route);
        await navigate({ to: paths.routes });
      }}
      onClose={close}
    >
      <p>Calls that send it as their model are refused from then on. What was recorded of it stays.</p>
      <p>Its versions are kept: it can be brought back as it is.</p>
    </Confirm>
  );
}
