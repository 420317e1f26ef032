import { Archive, CircleCheck, CircleDashed } from "lucide-react";
import { useState } from "react";

import { Reach } from "./evidence-facts";
import { useActivate } from "./queries";
import { bases, states, worth } from "./words";

import type { RoutingModelRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { plural } from "@/lib/format";

const looks = {
  candidate: { Icon: CircleDashed, tint: "text-quiet" },
  active: { Icon: CircleCheck, tint: "text-good" },
  retired: { Icon: Archive, tint: "text-quiet" },
};

/** Everything that was learned, newest first; each can be put in force. */
export function Versions({ models }: { models: readonly RoutingModelRead[] }) {
  const [asked, setAsked] = useState<RoutingModelRead | null>(null);
  return (
    <section aria-labelledby="versions" className="max-w-3xl">
      <h2 id="versions" className="text-lg font-semibold">
        Versions
      </h2>
      <ol aria-label="Versions, newest first" className="mt-3 border-b border-line">
        {models.map((model) => (
          <Version key={model.id} of={model} onActivate={() => setAsked(model)} />
        ))}
      </ol>
      {asked && <Activation of={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

function Version({ of: model, onActivate }: { of: RoutingModelRead; onActivate: () => void }) {
  const { version, state, basis, evidence, doubts, createdAt } = model;
  const { Icon, tint } = looks[state];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3 font-medium">
          Version {version}
          <span className="inline-flex items-center gap-1 text-sm font-normal">
            <Icon aria-hidden="true" className={`size-4 ${tint}`} /> {states[state]}
          </span>
        </p>
        <p className="text-sm text-pretty">{worth(evidence)}</p>
        <p className="text-xs text-quiet">
          <When at={createdAt} />, from {plural(evidence.prompts, "prompt")}: {bases[basis]}
          {doubts.length > 0 && `; ${plural(doubts.length, "doubt")}`}
        </p>
      </div>
      {state !== "active" && (
        <Permitted to="routes:write">
          <Button onClick={onActivate} aria-label={`Activate version ${version}`}>
            Activate
          </Button>
        </Permitted>
      )}
    </li>
  );
}

function Activation({ of: model, onClose }: { of: RoutingModelRead; onClose: () => void }) {
  const { mutateAsync } = useActivate();

  async function confirmed() {
    await mutateAsync(model.id);
    onClose();
    toasts.show(`Version ${model.version} is in force`);
  }

  return (
    <Confirm
      title={`Put version ${model.version} in force?`}
      action={`Activate version ${model.version}`}
      doing="Activating…"
      undoable
      onConfirm={confirmed}
      onClose={onClose}
    >
      <p>
        {worth(model.evidence)} Intelligent routes go by what it predicts within a second, in every process. No call fails for it, and one step goes back.
      </p>
      <div className="text-ink">
        <Reach of={model} />
      </div>
    </Confirm>
  );
}
