import { placeFieldName } from "./field-names";
import type { Rebased } from "./use-rebased";

import { Diff } from "@/components/diff/diff";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";

interface Props<Read> {
  what: string;
  edited: Pick<Rebased<Read, unknown>, "overtaken" | "base" | "begin" | "keep">;
  present: Read;
  /** What the form shows of it. */
  shown: (read: Read) => object;
  saving: boolean;
}

/** When somebody saved while one edited: what they changed, and whose change counts. */
export function Overtaken<Read>({ what, edited: { overtaken, base, begin, keep }, present, shown, saving }: Props<Read>) {
  if (!overtaken || saving) return null;
  return (
    <Notice tone="warn" title={`Somebody changed this ${what} meanwhile`}>
      <div className="space-y-3">
        <p>Your change is kept here and nothing is saved yet.</p>
        <Diff name={placeFieldName} label="What was changed meanwhile" before={shown(base)} after={shown(present)} heads={{ before: "You began with", after: "Now" }} />
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => begin(present)}>Discard mine</Button>
          <Button onClick={keep}>Keep mine on top of it</Button>
        </div>
      </div>
    </Notice>
  );
}
