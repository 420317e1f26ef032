import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { KeyStateMark, TeamName } from "./columns";
import { useRevokeKey } from "./queries";
import { stateOf } from "./state";

import { useMay } from "@/api/me";
import type { KeyRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Permitted } from "@/components/permitted";
import { SidePanel } from "@/components/side-panel";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { paths } from "@/lib/paths";
import { permissionWords } from "@/lib/permissions";
import { useNow } from "@/lib/use-now";

/** All that is known of a key, and the way to end it. */
export function KeyPanel({ of: key, onClose }: { of: KeyRead; onClose: () => void }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeKey();
  const dead = stateOf(key, useNow(60_000)) !== "active";

  async function confirmed() {
    await revoke.mutateAsync(key.id);
    setAsking(false);
    toasts.show(`Revoked ${key.name}`);
  }

  return (
    <SidePanel title={`Key ${key.name}`} of={key.id} onClose={onClose}>
      <h2 className="text-lg font-semibold">{key.name}</h2>
      <KeyFacts of={key} />
      {!dead && (
        <Permitted to="keys:write">
          <Button look="danger" className="mt-6" onClick={() => setAsking(true)}>
            Revoke the key
          </Button>
        </Permitted>
      )}
      {asking && (
        <Confirm
          title={`Revoke the key ${key.name}?`}
          action={`Revoke ${key.name}`}
          doing="Revoking…"
          typed={key.name}
          onConfirm={confirmed}
          onClose={() => setAsking(false)}
        >
          <p>
            Everything that calls with it is refused within a second, on {key.routes ? key.routes.join(", ") : "every route"}. Answers that
            are under way may end. It cannot be taken back: whoever needs one gets a new key.
          </p>
        </Confirm>
      )}
    </SidePanel>
  );
}

function KeyFacts({ of: key }: { of: KeyRead }) {
  const mayLimits = useMay("limits:read");
  return (
    <Facts
      facts={{
        State: <KeyStateMark of={key} />,
        Id: (
          <>
            <code className="font-mono text-xs break-all">{key.id}</code> <CopyButton text={key.id} what="the key's id" />
          </>
        ),
        "Begins with": <code className="font-mono text-xs">{key.hint}</code>,
        Team: <TeamName of={key.teamId} />,
        May: <span title={key.permissions.join(", ")}>{key.permissions.map(permissionWords).join(", ")}</span>,
        Routes: key.routes?.join(", ") ?? "every route",
        "Default route": key.defaultRoute,
        Limits: mayLimits ? (
          <Link to={paths.limits} search={{ subject: key.id }} className="text-accent-ink underline underline-offset-4">
            those on this key
          </Link>
        ) : null,
        Created: <When at={key.createdAt} />,
        "Last used": key.lastUsedAt ? <When at={key.lastUsedAt} /> : "never",
        Expires: key.expiresAt ? <When at={key.expiresAt} /> : "never",
        Revoked: key.revokedAt && <When at={key.revokedAt} />,
      }}
    />
  );
}
