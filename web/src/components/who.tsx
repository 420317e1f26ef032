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

/** Names for the ids of people, keys and the house itself. */
export function useWho(): (id: string) => string {
  const may = useMay("people:read");
  const { data } = useQuery({
    queryKey: ["people", "names"],
    queryFn: ({ signal }) => get<Page<Named>>("/api/identity/people?limit=500", { signal }),
    enabled: may,
    staleTime: 60_000,
  });
  return (id) => {
    const known = data?.items.find((person) => person.id === id)?.name;
    if (known !== undefined) return known;
    if (id.startsWith("key_")) return "a program with a key";
    return id === "system" ? "Hone itself" : id.startsWith("person_") ? "somebody of the organization" : id;
  };
}
