import type { EventActor, EventRead } from "@/api/schema.gen";
import { rangeName, type Range } from "@/components/filter-bar/time-range";
import { count, plural } from "@/lib/format";

/** `route.updated` reads as `Route updated`, `sign_in.failed` as `Sign in failed`. */
export function happened(name: string): string {
  const words = name.replaceAll(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Who did it. A person who was erased has no name any more. */
export function actorName({ kind, name, id }: EventActor): string {
  if (name !== null) return name;
  return kind === "person" ? "Erased person" : id;
}

/** `name, targets and 2 more`: which fields an event changed. */
export function changedFields({ before, after }: EventRead): string {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map((each) => each.replaceAll("_", " "));
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
}

export const WITHHELD: Record<NonNullable<EventRead["withheld"]>, string> = {
  erased: "What this event said of a person was erased. That it happened stays, and the chain is whole.",
  not_permitted: "What this event says of a person is shown to those who may read people.",
  not_kept: "What this event said is not kept any more. That it happened stays, and the chain is whole.",
};

/** The list in a sentence. */
export function told(total: number | null | undefined, shown: number | undefined, range: Range): string {
  if (total === undefined || shown === undefined) return "";
  const when = rangeName(range);
  const time = when === "Any time" ? "at any time" : `${when.charAt(0).toLowerCase()}${when.slice(1)}`;
  if (total === null) return `More than 10,000 events, ${time}; the newest ${count(shown)} are loaded.`;
  return `${plural(total, "event")}, ${time}.`;
}
