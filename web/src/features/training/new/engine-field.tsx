import { useId } from "react";

import { enginesFor, type Draft } from "./draft";

import type { Engine } from "@/api/learning";
import { CopyButton } from "@/components/copy-button";
import { cn } from "@/lib/cn";

interface Props {
  draft: Draft;
  engines: readonly Engine[];
  chosen: Engine | undefined;
  onChange: (draft: Draft) => void;
}

/** The ways to learn a task, each with when it is right. */
export function EngineField({ draft, engines, chosen, onChange }: Props) {
  const group = useId();
  const fitting = enginesFor(engines, draft.task);
  return (
    <fieldset>
      <legend className="font-medium">Engine</legend>
      <div className="mt-1.5 space-y-2">
        {fitting.map((engine) => (
          <div
            key={engine.name}
            className={cn(
              "relative rounded-md border border-line p-3 has-checked:border-accent has-checked:bg-accent-soft",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent",
            )}
          >
            <label className="flex cursor-pointer gap-3">
              <input
                type="radio"
                name={group}
                className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
                checked={engine.name === chosen?.name}
                onChange={() => onChange({ ...draft, engine: engine.name, params: {} })}
              />
              <span className="min-w-0">
                <span className="font-medium">{engine.title}</span> <code className="font-mono text-xs text-quiet">{engine.name}</code>
                {engine.defaultFor.includes(draft.task) && <span className="ml-2 rounded-sm bg-sunken px-1.5 py-0.5 text-xs text-ink">usual</span>}
                <span className="block text-sm text-pretty text-quiet">{engine.words}</span>
              </span>
            </label>
            {!engine.installed && (
              <p className="mt-2 pl-7 text-sm text-warn">
                Not installed here{engine.install && ". On the machine of the worker:"}
                {engine.install && (
                  <span className="mt-1 flex items-center gap-1 text-ink">
                    <code className="min-w-0 font-mono text-xs break-all">{engine.install}</code>
                    <CopyButton text={engine.install} what="the command" />
                  </span>
                )}
              </p>
            )}
          </div>
        ))}
        {fitting.length === 0 && <p className="text-quiet">No engine learns this task here.</p>}
      </div>
    </fieldset>
  );
}
