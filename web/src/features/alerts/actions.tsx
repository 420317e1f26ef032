import { useNavigate } from "@tanstack/react-router";
import { Dumbbell, ListChecks, Undo2, type LucideIcon } from "lucide-react";
import { useState } from "react";

import { useAction } from "./queries";
import { subjectOf } from "./words";

import { useMe } from "@/api/me";
import type { Permission } from "@/api/schema";
import type { Alert, AlertAction } from "@/api/watch";
import { Confirm } from "@/components/confirm";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

interface Kind {
  Icon: LucideIcon;
  can: Permission;
  /** What will happen, before it does. */
  words: (subject: string) => string;
  done: string;
}

const kinds: Record<AlertAction["kind"], Kind> = {
  review: { Icon: ListChecks, can: "datasets:write", words: (subject) => `Examples are made of the calls of ${subject} that moved this alert, and wait for somebody who says what would have been right. Nothing that answers changes.`, done: "The calls are examples to be reviewed now" },
  retrain: { Icon: Dumbbell, can: "training:write", words: (subject) => `${subject} is trained again, as it was last time, with what was learned since. What answers now answers on until somebody puts the new version in force.`, done: "The training has begun" },
  rollback: { Icon: Undo2, can: "releases:write", words: (subject) => `What answered for ${subject} before answers again, within a second. No call fails for it, and it can be put in force again.`, done: "The version before answers again" },
};

/** What the server offers to do about an alert; each is asked about first. */
export function Actions({ of: alert }: { of: Alert }) {
  const { permissions } = useMe();
  const [asking, setAsking] = useState<AlertAction | null>(null);
  const offered = alert.actions.filter(({ kind }) => permissions.includes(kinds[kind].can));
  if (offered.length === 0) return null;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {offered.map((action, index) => {
        const { Icon } = kinds[action.kind];
        return (
          <Button key={action.kind} look={index === 0 ? "primary" : "outline"} onClick={() => setAsking(action)}>
            <Icon aria-hidden="true" /> {action.label}
          </Button>
        );
      })}
      {asking && <Asked action={asking} of={alert} onClose={() => setAsking(null)} />}
    </div>
  );
}

function Asked({ action, of: alert, onClose }: { action: AlertAction; of: Alert; onClose: () => void }) {
  const { mutateAsync } = useAction();
  const navigate = useNavigate();
  const { words, done } = kinds[action.kind];

  async function confirmed() {
    const answer = await mutateAsync(action);
    onClose();
    toasts.show(done);
    const to = whereTo(action, answer);
    if (to !== null) await navigate({ href: to });
  }

  return (
    <Confirm title={`${action.label}?`} action={action.label} undoable={action.kind !== "rollback"} onConfirm={confirmed} onClose={onClose}>
      <p>{words(subjectOf(alert))}</p>
    </Confirm>
  );
}

/** The page of what came of it, where that is to be looked at next. */
export function whereTo({ kind }: Pick<AlertAction, "kind">, answer: unknown): string | null {
  const told = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  const id = (name: string, prefix: string) => (typeof told[name] === "string" && told[name].startsWith(prefix) ? told[name] : null);
  const run = kind === "retrain" ? (id("id", "trun_") ?? id("run", "trun_") ?? id("runId", "trun_")) : null;
  if (run !== null) return `${paths.training}/${run}`;
  const dataset = kind === "review" ? id("dataset", "ds_") : null;
  return dataset === null ? null : `${paths.datasets}/${dataset}/review`;
}
