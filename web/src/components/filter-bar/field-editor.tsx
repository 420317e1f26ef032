import { useId, useState, type SyntheticEvent } from "react";

import type { Field, Option } from "./fields";

import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

interface Props {
  field: Field;
  values: readonly string[];
  onChange: (values: string[]) => void;
  onDone: () => void;
}

/** Chooses the values of one filter. */
export function FieldEditor({ field, values, onChange, onDone }: Props) {
  if (field.kind === "choice") return <Choice label={field.label} options={field.options} values={values} onChange={onChange} />;
  const submit = (value: string) => {
    onChange(value === "" ? [] : [value]);
    onDone();
  };
  return field.kind === "number" ? (
    <Typed label={`${field.label} ${field.relation ?? "at least"}`} unit={field.unit} value={values[0] ?? ""} onSubmit={submit} numeric />
  ) : (
    <Typed label={`${field.label} is`} {...(field.example && { example: field.example })} value={values[0] ?? ""} onSubmit={submit} />
  );
}

const FEW = 8;

interface ChoiceProps {
  label: string;
  options: readonly Option[] | undefined;
  values: readonly string[];
  onChange: (values: string[]) => void;
}

function Choice({ label, options, values, onChange }: ChoiceProps) {
  const [text, setText] = useState("");
  const known = options ?? [];
  // What was chosen stays in sight although nothing in this window has it.
  const gone = values.filter((value) => !known.some((option) => option.value === value)).map((value) => ({ value }));
  const all: readonly Option[] = [...gone, ...known];
  const wanted = text.trim().toLowerCase();
  const shown = all.filter(({ value, label: name }) => `${name ?? ""} ${value}`.toLowerCase().includes(wanted));
  const toggle = (value: string) => onChange(values.includes(value) ? values.filter((each) => each !== value) : [...values, value]);
  return (
    <fieldset className="w-72 max-w-full min-w-0">
      <legend className="mb-1 text-xs font-medium text-quiet">{label} is any of</legend>
      {all.length > FEW && (
        <input
          type="search"
          aria-label={`Find a ${label.toLowerCase()}`}
          placeholder="Find"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="mb-1 h-8 w-full rounded-md border border-edge bg-surface px-2 placeholder:text-quiet pointer-coarse:h-11"
        />
      )}
      {options === undefined && <Skeleton className="h-8 w-full" />}
      {options && shown.length === 0 && <p className="px-1 py-1.5 text-quiet">{wanted ? "None of that name" : "None in this time"}</p>}
      {shown.map(({ value, label: name, note }) => (
        <label key={value} className="flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-1 hover:bg-sunken pointer-coarse:min-h-11">
          <input type="checkbox" className="size-4 shrink-0 accent-accent" checked={values.includes(value)} onChange={() => toggle(value)} />
          <span className="min-w-0 flex-1 truncate" title={name ?? value}>
            {name ?? value}
          </span>
          {note && <span className="text-xs text-quiet">{note}</span>}
        </label>
      ))}
    </fieldset>
  );
}

interface TypedProps {
  label: string;
  unit?: string;
  example?: string;
  value: string;
  numeric?: boolean;
  onSubmit: (value: string) => void;
}

function Typed({ label, unit, example, value, numeric = false, onSubmit }: TypedProps) {
  const id = useId();
  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = new FormData(event.currentTarget).get("value");
    onSubmit(typeof entered === "string" ? entered.trim() : "");
  }
  return (
    <form onSubmit={submit} className="w-72 max-w-full">
      <label htmlFor={id} className="text-xs font-medium text-quiet">
        {label}
        {unit && ` (${unit})`}
      </label>
      <div className="mt-1 flex gap-2">
        <input
          id={id}
          name="value"
          defaultValue={value}
          maxLength={512}
          {...(numeric ? { type: "number", min: 0, step: "any", inputMode: "decimal" as const } : { type: "text", placeholder: example })}
          className="h-8 min-w-0 flex-1 rounded-md border border-edge bg-surface px-2 placeholder:text-quiet pointer-coarse:h-11"
        />
        <Button type="submit" look="primary">
          Apply
        </Button>
      </div>
    </form>
  );
}
