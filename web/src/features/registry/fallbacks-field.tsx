import { ChevronDown, ChevronUp, GripVertical, Plus, Trash2 } from "lucide-react";
import { useState, type KeyboardEvent } from "react";

import { Swatch } from "./share-bar";

import type { ModelRead } from "@/api/schema.gen";
import { FieldError } from "@/components/form/field";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { cn } from "@/lib/cn";

interface Props {
  fallbacks: readonly string[];
  models: readonly ModelRead[];
  problems: readonly string[];
  onChange: (fallbacks: string[]) => void;
}

/** Puts one item of a list at another place. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}

/** What is asked next when a target fails, in order: moved by buttons, by arrow keys, or by dragging. */
export function FallbacksField({ fallbacks, models, problems, onChange }: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const free = models.filter(({ name }) => !fallbacks.includes(name));

  function move(from: number, to: number) {
    if (to < 0 || to >= fallbacks.length || from === to) return;
    onChange(moved(fallbacks, from, to));
    setSaid(`${fallbacks[from] ?? ""} is now ${to + 1} of ${fallbacks.length}`);
  }

  function press(event: KeyboardEvent, place: number) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(place, place + step);
  }

  return (
    <fieldset className="min-w-0">
      <legend className="font-medium">Fallbacks</legend>
      <p className="mt-1 text-xs text-pretty text-quiet">
        Asked one after the other when the chosen target fails before its first token. A fallback at another provider survives an outage.
      </p>
      <ol className="mt-2 space-y-1">
        {fallbacks.map((model, place) => (
          <li
            key={model}
            draggable
            onDragStart={() => setDragged(place)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault();
              if (dragged === null || dragged === place) return;
              move(dragged, place);
              setDragged(place);
            }}
            className={cn(
              "flex items-center gap-2 rounded-md border border-line bg-surface py-1 pr-1 pl-2",
              dragged === place && "border-accent bg-accent-soft",
            )}
          >
            <GripVertical aria-hidden="true" className="size-4 shrink-0 cursor-grab text-quiet" />
            <span className="w-4 text-right text-xs text-quiet">{place + 1}</span>
            <Swatch model={model} />
            <span className="min-w-0 flex-1 truncate" title={model}>
              {model}
            </span>
            <Button
              look="quiet"
              className="w-8 px-0"
              disabled={place === 0}
              aria-label={`Move ${model} up`}
              title="Up (arrow keys)"
              onKeyDown={(event) => press(event, place)}
              onClick={() => move(place, place - 1)}
            >
              <ChevronUp aria-hidden="true" />
            </Button>
            <Button
              look="quiet"
              className="w-8 px-0"
              disabled={place === fallbacks.length - 1}
              aria-label={`Move ${model} down`}
              title="Down (arrow keys)"
              onKeyDown={(event) => press(event, place)}
              onClick={() => move(place, place + 1)}
            >
              <ChevronDown aria-hidden="true" />
            </Button>
            <Button
              look="quiet"
              className="w-8 px-0"
              aria-label={`Remove the fallback ${model}`}
              title="Remove"
              onClick={() => onChange(fallbacks.filter((each) => each !== model))}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {problems.map((problem) => (
        <FieldError key={problem}>{problem}</FieldError>
      ))}
      {fallbacks.length < 20 && free.length > 0 && (
        <Adding free={free} onAdd={(model) => onChange([...fallbacks, model])} />
      )}
    </fieldset>
  );
}

/** A keyboard passes through models on the way to one: it is added when one says so. */
function Adding({ free, onAdd }: { free: readonly ModelRead[]; onAdd: (model: string) => void }) {
  const [wanted, setWanted] = useState("");
  const chosen = free.some(({ name }) => name === wanted) ? wanted : "";

  function add() {
    onAdd(chosen);
    setWanted("");
  }

  return (
    <div className="mt-2 flex max-w-96 gap-2">
      <Select
        className="min-w-0 flex-1"
        aria-label="Another fallback"
        value={chosen}
        placeholder="Choose a model"
        options={free.map(({ name, provider }) => ({ value: name, label: `${name} (${provider})` }))}
        onChange={setWanted}
      />
      <Button className="h-9 pointer-coarse:h-11" disabled={chosen === ""} onClick={add}>
        <Plus aria-hidden="true" /> Add the fallback
      </Button>
    </div>
  );
}
