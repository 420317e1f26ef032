import { CircleCheck, CircleX, ShieldAlert } from "lucide-react";
import { useState } from "react";

import { AnswerDialog, type Asked } from "./answer-dialog";
import { EvidenceSection } from "./evidence";

import type { TurnStory } from "@/api/improvement";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";

const questions: Record<string, string> = { train: "Shall it be trained?", release: "Shall it be released?" };

/** What a turn waits for, with its evidence in sight; or what can still be said to it. */
export function Answering({ of: turn }: { of: TurnStory }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { actions, awaiting } = turn;
  if (actions.length === 0) return null;
  const offers = (what: Asked) => actions.includes(what);
  return (
    <Permitted to="releases:write">
      {awaiting === null ? (
        <div className="flex flex-wrap gap-2">
          {offers("override") && <Override onPress={() => setAsked("override")} />}
          {offers("reject") && (
            <Button onClick={() => setAsked("reject")}>
              <CircleX aria-hidden="true" /> End this turn
            </Button>
          )}
        </div>
      ) : (
        <section aria-label="It waits for an approval" className="rounded-md border border-line bg-surface px-4 py-4">
          <h2 className="text-lg font-semibold">{offers("override") ? "It did not pass its gates: release it anyway?" : questions[awaiting]}</h2>
          <EvidenceSection evidence={turn.evidence} title="What speaks for it, and against" />
          <div className="mt-4 flex flex-wrap gap-2">
            {offers("approve") && (
              <Button look="primary" onClick={() => setAsked("approve")}>
                <CircleCheck aria-hidden="true" /> Approve
              </Button>
            )}
            {offers("override") && <Override onPress={() => setAsked("override")} />}
            {offers("reject") && (
              <Button onClick={() => setAsked("reject")}>
                <CircleX aria-hidden="true" /> Reject
              </Button>
            )}
          </div>
        </section>
      )}
      {asked && <AnswerDialog turn={turn} asked={asked} onClose={() => setAsked(null)} />}
    </Permitted>
  );
}

function Override({ onPress }: { onPress: () => void }) {
  return (
    <Button look="danger" onClick={onPress}>
      <ShieldAlert aria-hidden="true" /> Override the gates
    </Button>
  );
}
