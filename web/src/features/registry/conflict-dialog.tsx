import { useState } from "react";

import type { Conflict } from "./conflict";
import { bodyOf, draftOf } from "./draft";
import { routeFieldName } from "./field-names";
import { merge, type Clash, type Side } from "./merge";

import type { RouteCreate } from "@/api/schema.gen";
import { Diff } from "@/components/diff/diff";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { age, fullTime } from "@/lib/time";

interface Props {
  conflict: Conflict;
  /** What both began with, and what one made of it. */
  base: RouteCreate;
  mine: RouteCreate;
  /** Saves on top of what is there now. */
  onSave: (route: RouteCreate, version: number) => void;
  /** Gives one's own change up. */
  onDiscard: () => void;
  onClose: () => void;
}

/** Somebody saved meanwhile: what they did, what fits together by itself, and what one has to choose. */
export function ConflictDialog({ conflict, base, mine, onSave, onDiscard, onClose }: Props) {
  const [chosen, setChosen] = useState<Readonly<Record<string, Side>>>({});
  const [openedAt] = useState(Date.now);
  const { present, by, at } = conflict;
  const theirs = bodyOf(draftOf(present));
  const { route, clashes } = merge(base, mine, theirs, (key) => chosen[key] ?? "theirs");
  const open = clashes.filter(({ key }) => chosen[key] === undefined).length;
  const who = by ?? "Somebody";

  return (
    <Dialog
      title={`${who} changed this route meanwhile`}
      wide
      onClose={onClose}
      footer={
        <>
          <Button onClick={onDiscard}>
            Discard mine
          </Button>
          <Button look="primary" disabled={open > 0} onClick={() => onSave(route, present.version)}>
            {open > 0 ? `Choose ${open} more to save` : "Save both changes"}
          </Button>
        </>
      }
    >
      <p className="text-quiet">
        Version {present.version} was saved{" "}
        {at !== null && (
          <time dateTime={at} title={fullTime(at)}>
            {age(openedAt - Date.parse(at))}
          </time>
        )}
        . Your change is kept here and nothing is saved yet.
      </p>
      <section className="space-y-2">
        <h3 className="font-medium">What {by ?? "they"} changed</h3>
        <Diff name={routeFieldName} label="What was changed meanwhile" before={base} after={theirs} heads={{ before: "You both began with", after: "Now" }} />
      </section>
      {clashes.length > 0 && (
        <section className="space-y-3">
          <h3 className="font-medium">Both of you changed these: which one counts?</h3>
          {clashes.map((clash) => (
            <Choice key={clash.key} clash={clash} who={who} chosen={chosen[clash.key]} onChoose={(side) => setChosen({ ...chosen, [clash.key]: side })} />
          ))}
        </section>
      )}
      <section className="space-y-2">
        <h3 className="font-medium">What saving changes then</h3>
        {open > 0 ? (
          <p className="text-quiet">Choose above to see it.</p>
        ) : (
          <Diff name={routeFieldName} label="What saving changes" before={theirs} after={route} heads={{ before: "Now", after: "After saving" }} />
        )}
      </section>
    </Dialog>
  );
}

interface ChoiceProps {
  clash: Clash;
  who: string;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}

function Choice({ clash, who, chosen, onChoose }: ChoiceProps) {
  const sides = [
    { side: "theirs", label: `${who}: ${clash.theirs}` },
    { side: "mine", label: `Mine: ${clash.mine}` },
  ] as const;
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 text-sm font-medium">{clash.name}</legend>
      {sides.map(({ side, label }) => (
        <label key={side} className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
          <input type="radio" className="size-4 accent-accent" name={clash.key} checked={chosen === side} onChange={() => onChoose(side)} />
          <span className="min-w-0 break-words">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
