import { KeyRound, Server, UserRound } from "lucide-react";

import { actorName, changedFields, happened } from "./words";

import type { EventActor, EventRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH } from "@/lib/format";

const icons = { person: UserRound, key: KeyRound, system: Server };

/** Who did it: a person, an API key, or Hone itself. */
export function ActorMark({ actor }: { actor: EventActor }) {
  const Icon = icons[actor.kind];
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 align-middle" title={actor.id}>
      <Icon aria-hidden="true" className="size-4 shrink-0 text-quiet" />
      <span className="truncate">{actorName(actor)}</span>
    </span>
  );
}

export const columns: Column<EventRead>[] = [
  { id: "name", header: "Event", cell: ({ name }) => happened(name), priority: 1, fixed: true },
  { id: "actor", header: "By", cell: ({ actor }) => <ActorMark actor={actor} />, priority: 1, phoneWidth: "7rem" },
  {
    id: "subject",
    header: "Subject",
    cell: ({ subject }) => <code className="font-mono text-xs">{subject}</code>,
    priority: 3,
  },
  { id: "changed", header: "Changed", cell: (event) => changedFields(event) || DASH, priority: 2 },
  { id: "at", header: "When", cell: ({ at }) => <When at={at} />, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
];
