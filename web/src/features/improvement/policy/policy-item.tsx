import { Link } from "@tanstack/react-router";
import { Play } from "lucide-react";

import { useSavePolicy } from "../queries";
import { budgetWords, planWords, triggerNames } from "../words";

import type { Policy, TriggerLook } from "@/api/improvement";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";
import { cn } from "@/lib/cn";
import { plain } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  of: Policy;
  onStart: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

/** How one model improves: how near its next turn is, what happens then, and what it may take. */
export function PolicyItem({ of: policy, onStart, onEdit, onRemove }: Props) {
  const { model, enabled, words, look, turn } = policy;
  return (
    <li className="grid gap-x-10 gap-y-4 border-t border-line py-4 lg:grid-cols-2">
      <div className="min-w-0">
        <p className="font-medium">
          {model} {!enabled && <span className="ml-2 rounded-sm bg-sunken px-1.5 py-0.5 text-xs font-normal text-quiet">off</span>}
        </p>
        <p className="mt-0.5 max-w-[72ch] text-pretty">{plain(words)}</p>
        <p className="mt-1 text-sm text-pretty text-quiet">{planWords(policy)}</p>
        <p className="mt-1 text-xs text-quiet">
          Budget: {budgetWords(policy)}.
          {look && (
            <>
              {" "}
              Looked <When at={look.at} />.
            </>
          )}
        </p>
        <div className="mt-3 flex flex-wrap gap-2">
          {turn === null ? (
            <Permitted to="releases:write">
              <Button onClick={onStart} aria-label={`Start a turn now: ${model}`}>
                <Play aria-hidden="true" /> Start a turn now
              </Button>
            </Permitted>
          ) : (
            <Link to={paths.turn} params={{ turnId: turn }} className="hit inline-flex h-8 items-center rounded-md border border-edge bg-surface px-3 text-sm hover:bg-sunken">
              Look at its turn
            </Link>
          )}
          <Changes of={policy} onEdit={onEdit} onRemove={onRemove} />
        </div>
      </div>
      <Nearness of={look?.triggers ?? []} model={model} />
    </li>
  );
}

function Changes({ of: policy, onEdit, onRemove }: Omit<Props, "onStart">) {
  const { model, enabled } = policy;
  const save = useSavePolicy();
  const turn = () => save.mutate({ present: policy, body: { enabled: !enabled } }, { onSuccess: () => toasts.show(enabled ? `${model} begins no turn by itself` : `${model} improves by itself again`), onError: ({ message }) => toasts.show(message) });
  return (
    <Permitted to="releases:write">
      <Button disabled={save.isPending} onClick={turn} aria-label={`Turn ${enabled ? "off" : "on"} the policy of ${model}`}>
        {enabled ? "Turn off" : "Turn on"}
      </Button>
      <Button onClick={onEdit} aria-label={`Change the policy of ${model}`}>
        Change
      </Button>
      <Button onClick={onRemove} aria-label={`Delete the policy of ${model}`}>
        Delete
      </Button>
    </Permitted>
  );
}

/** How near each trigger is to firing. */
function Nearness({ of: looks, model }: { of: readonly TriggerLook[]; model: string }) {
  if (looks.length === 0) return null;
  return (
    <ul aria-label={`What begins a turn of ${model}`} className="min-w-0 text-sm">
      {looks.map(({ kind, fires, near, words }) => (
        <li key={kind} className="border-t border-line py-2 first:border-t-0 lg:first:pt-0">
          <p className="flex items-center gap-3">
            <span className="w-28 shrink-0 font-medium">{triggerNames[kind]}</span>
            <span className="flex min-w-0 flex-1 items-center gap-3">
              <span aria-hidden="true" className="h-1.5 w-full max-w-48 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset">
                <span className={cn("block h-full", fires ? "bg-mark-cost" : "bg-mark")} style={{ width: `${Math.min(1, Math.max(0, near)) * 100}%` }} />
              </span>
              <span className={cn("shrink-0", fires ? "font-medium" : "text-quiet")}>{fires ? "fires" : `${Math.round(near * 100)} % of the way to a turn`}</span>
            </span>
          </p>
          <p className="mt-0.5 text-xs text-pretty text-quiet first-letter:uppercase">{words}</p>
        </li>
      ))}
    </ul>
  );
}
