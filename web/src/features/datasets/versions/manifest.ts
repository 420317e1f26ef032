/** What a version's manifest says, read with care: it was written by whatever server froze it. */

type Counts = Record<string, number>;

export function countsIn(manifest: Record<string, unknown>, name: "splits" | "labels" | "sources" | "entities"): Counts {
  const found = manifest[name];
  if (typeof found !== "object" || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}
