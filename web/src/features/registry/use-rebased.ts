import { useState } from "react";

export interface Rebased<Read, Draft> {
  draft: Draft;
  edit: (draft: Draft) => void;
  /** What the draft was begun with; a save is refused when it is no longer what is there. */
  base: Read;
  /** Nothing was changed. */
  same: boolean;
  /** Somebody saved meanwhile, and the draft differs from it. */
  overtaken: boolean;
  /** Begins anew with what is there. */
  begin: (read: Read) => void;
  /** Keeps the draft and puts it on top of what is there. */
  keep: () => void;
}

/** A draft of something that others change too: an untouched one follows them, a changed one is never lost. */
export function useRebased<Read extends { version: number } | null, Draft>(present: Read, draftOf: (read: Read) => Draft): Rebased<Read, Draft> {
  const [base, setBase] = useState(present);
  const [draft, setDraft] = useState(() => draftOf(present));
  const is = (read: Read) => JSON.stringify(draft) === JSON.stringify(draftOf(read));
  const begin = (read: Read) => {
    setBase(read);
    setDraft(draftOf(read));
  };
  const newer = present !== null && base !== null && present.version > base.version;
  const same = is(base);
  if (newer && (same || is(present))) begin(present);
  return { draft, edit: setDraft, base, same, overtaken: newer && !same, begin, keep: () => setBase(present) };
}
