import { Check, X } from "lucide-react";
import { useState } from "react";

import { useReview } from "./queries";
import { who } from "./words";

import type { FeedbackRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Notice } from "@/components/notice";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { plural } from "@/lib/format";

/** Says that something waits for somebody's decision. */
export function Held({ count, onLook }: { count: number; onLook: () => void }) {
  return (
    <Notice tone="warn" title={`${plural(count, "judgement")} ${count === 1 ? "is" : "are"} held for review`} action={<Button onClick={onLook}>Look at what is held</Button>}>
      They do not count, and nothing is learned from them, until somebody accepts them.
    </Notice>
  );
}

interface Asking {
  action: "accept" | "reject";
  /** All that is held of this one. */
  person?: string;
}

/** What can be done with held feedback that is selected; with all of one person's, where it is one's. */
export function Bulk({ of: rows, onDone }: { of: FeedbackRead[]; onDone: () => void }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [first] = rows;
  const one = first && rows.every(({ person }) => person.id === first.person.id) ? first : null;
  return (
    <>
      <Button look="primary" onClick={() => setAsking({ action: "accept" })}>
        <Check aria-hidden="true" /> Accept
      </Button>
      <Button onClick={() => setAsking({ action: "reject" })}>
        <X aria-hidden="true" /> Reject
      </Button>
      {one && (
        <Button look="danger" onClick={() => setAsking({ action: "reject", person: one.person.id })}>
          Reject all of {who(one)}
        </Button>
      )}
      {asking && <Decision {...asking} of={rows} onClose={() => setAsking(null)} onDone={onDone} />}
    </>
  );
}

function Decision({ action, person, of: rows, onClose, onDone }: Asking & { of: FeedbackRead[]; onClose: () => void; onDone: () => void }) {
  const { mutateAsync } = useReview();
  const accepts = action === "accept";
  const what = person === undefined ? plural(rows.length, "judgement") : `everything of ${person}`;

  async function confirmed() {
    const { changed } = await mutateAsync(person === undefined ? { ids: rows.map(({ id }) => id), action } : { person, action });
    onDone();
    toasts.show(`${plural(changed, "judgement")} ${accepts ? "accepted" : "rejected"}`);
  }

  return (
    <Confirm title={`${accepts ? "Accept" : "Reject"} ${what}?`} action={accepts ? "Accept" : "Reject"} doing={accepts ? "Accepting…" : "Rejecting…"} onConfirm={confirmed} onClose={onClose}>
      <p>{accepts ? "It counts from now on, and examples are made of its corrections." : "It stays listed as rejected; it does not count, and nothing is learned from it."}</p>
      {person !== undefined && <p>What this person says later is held, too, until somebody decides otherwise.</p>}
    </Confirm>
  );
}
