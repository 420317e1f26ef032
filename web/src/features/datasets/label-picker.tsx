import { useQuery } from "@tanstack/react-query";
import { useId, useState, type KeyboardEvent } from "react";

import { Label } from "./content";
import { offered } from "./offered";
import { statisticsQuery } from "./queries";

import { controlLook } from "@/components/ui/input";
import { cn } from "@/lib/cn";
import { count } from "@/lib/format";

interface Props {
  datasetId: string;
  /** The label that it has. */
  now: string | null;
  /** What a check or a model would give it; offered first. */
  suggested?: string | null;
  onPick: (label: string) => void;
}

/** Chooses a label by typing a part of it; one that does not exist yet is offered too. */
export function LabelPicker({ datasetId, now, suggested = null, onPick }: Props) {
  const id = useId();
  const { data } = useQuery({ ...statisticsQuery(datasetId), staleTime: 30_000 });
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const options = offered(data?.byLabel ?? {}, typed, { now, suggested });
  const chosen = options[Math.min(at, options.length - 1)];

  function press(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) setAt((options.length + Math.min(at, options.length - 1) + by) % Math.max(1, options.length));
    else if (event.key === "Enter" && chosen) onPick(chosen.label);
    else return;
    event.preventDefault();
  }

  return (
    <div>
      <input
        role="combobox"
        aria-label="Label"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen && `${id}-${options.indexOf(chosen)}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder="Type a part of it"
        value={typed}
        data-autofocus
        className={cn(controlLook, "h-9 pointer-coarse:h-11")}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Labels" className="mt-2 max-h-72 overflow-y-auto">
        {options.map((option, index) => (
          <li
            key={option.label}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option === chosen}
            ref={option === chosen ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            className="flex h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2 text-sm hover:bg-sunken aria-selected:bg-accent-soft aria-selected:text-accent-ink pointer-coarse:h-11"
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(option.label)}
          >
            <Label name={option.label} />
            <span className="shrink-0 text-xs text-quiet">{option.note ?? (option.examples === null ? "new label" : count(option.examples))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
