import { useQuery } from "@tanstack/react-query";

import { get } from "@/api/client";
import { useMay } from "@/api/me";
import type { Page } from "@/api/schema";

interface Named {
  id: string;
  name: string;
}

/** Who did something, by name where one may know it. */
export function Who({ id }: { id: string }) {
  return <>{useWho()(id)}</>;
}

const PERSON = "person_";
/** Of an id, what tells it from others at a glance: `person_…15290c`. */
const short = (id: string) => `${PERSON}…${id.slice(-6)}`;

/** Whom a call was made for: a person of the organization by name, anybody else by the id that their application gave. */
export function EndUser({ id }: { id: string }) {
  const named = useNames()(id);
  if (named === undefined && !id.startsWith(PERSON)) return <>{id}</>;
  return <span title={id}>{named ?? short(id)}</span>;
}

/** Names for the ids of people, keys and the house itself. */
export function useWho(): (id: string) => string {
  const name = useNames();
  return (id) => {
    const known = name(id);
    if (known !== undefined) return known;
    if (id.startsWith("key_")) return "a program with a key";
    return id === "system" ? "Hone itself" : id.startsWith(PERSON) ? "somebody of the organization" : id;
  };
}

function useNames(): (id: string) => string | undefined {
  const may = useMay("people:read");
  const { data } = useQuery({
    queryKey: ["people", "names"],
    queryFn: ({ signal }) => get<Page<Named>>("/api/identity/people?limit=500", { signal }),
    enabled: may,
    staleTime: 60_000,
  });
  return (id) => data?.items.find((person) => person.id === id)?.name;
}
