import { CircleCheck, CircleSlash, Clock } from "lucide-react";

import type { KeyState } from "./routes";
import { stateOf } from "./state";

import type { KeyRead } from "@/api/schema.gen";
import { useTeamNames } from "@/api/teams";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH } from "@/lib/format";
import { permissionWords } from "@/lib/permissions";
import { useNow } from "@/lib/use-now";

const looks: Record<KeyState, { word: string; Icon: typeof Clock; tint: string }> = {
  active: { word: "Active", Icon: CircleCheck, tint: "text-good" },
  expired: { word: "Expired", Icon: Clock, tint: "text-warn" },
  revoked: { word: "Revoked", Icon: CircleSlash, tint: "text-quiet" },
};

const MINUTE = 60_000;

export function KeyStateMark({ of }: { of: KeyRead }) {
  const { word, Icon, tint } = looks[stateOf(of, useNow(MINUTE))];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {word}
    </span>
  );
}

/** Whose key it is, by name where one may know it. */
export function TeamName({ of: id }: { of: string | null }) {
  const names = useTeamNames();
  return id === null ? DASH : (names.get(id) ?? <code className="font-mono text-xs">{id}</code>);
}

export const columns: Column<KeyRead>[] = [
  { id: "name", header: "Name", cell: ({ name }) => name, priority: 1, fixed: true },
  { id: "state", header: "State", cell: (key) => <KeyStateMark of={key} />, priority: 1, width: "7rem", phoneWidth: "7rem" },
  { id: "team", header: "Team", cell: ({ teamId }) => <TeamName of={teamId} />, width: "9rem" },
  { id: "hint", header: "Begins with", cell: ({ hint }) => <code className="font-mono text-xs">{hint}</code>, width: "10rem" },
  { id: "permissions", header: "May", cell: ({ permissions }) => permissions.map(permissionWords).join(", "), priority: 3 },
  { id: "routes", header: "Routes", cell: ({ routes }) => routes?.join(", ") ?? "every route", priority: 4 },
  { id: "created", header: "Created", cell: ({ createdAt }) => <When at={createdAt} />, width: "7rem" },
  { id: "used", header: "Last used", cell: ({ lastUsedAt }) => (lastUsedAt ? <When at={lastUsedAt} /> : "never"), width: "7rem", priority: 3 },
  { id: "expires", header: "Expires", cell: ({ expiresAt }) => (expiresAt ? <When at={expiresAt} /> : DASH), width: "7rem", priority: 3 },
];
