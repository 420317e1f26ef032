import type { DatasetDraft } from "./queries";

/** What the server takes as a name. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** What is wrong with a name, in words. */
export function nameFault(name: string): string | null {
  if (name.trim() === "") return "It needs a name.";
  return NAME.test(name.trim()) ? null : "Letters, digits, dots, dashes and underscores, at most 63, beginning with a letter or digit.";
}

export const emptyDraft: DatasetDraft = { name: "", kind: "intent", description: "", collects: [] };

/** Names that were written one behind the other, with commas or spaces between them. */
export const namesIn = (text: string): string[] => [...new Set(text.split(/[,\s]+/).filter((name) => name !== ""))];

/** A draft as it is sent. */
export const draftBody = (draft: DatasetDraft): DatasetDraft => ({ ...draft, name: draft.name.trim(), description: draft.description.trim() });
