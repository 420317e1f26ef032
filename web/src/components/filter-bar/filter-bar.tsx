import { ListFilter, X } from "lucide-react";
import { useState, type ReactNode } from "react";

import { FieldEditor } from "./field-editor";
import { reading, type Chosen, type Field } from "./fields";
import { SearchField } from "./search-field";

import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";

interface Props {
  fields: readonly Field[];
  chosen: Chosen;
  /** Gets the values of one field; none takes the filter away. */
  onChange: (field: string, values: string[]) => void;
  /** Takes all filters away, the search included. */
  onClear: () => void;
  search?: { value: string; onChange: (value: string) => void; label: string };
  /** What else narrows the list down, such as a `TimeRange`. */
  children?: ReactNode;
}

/** Narrows a list down: a search, a filter for each field, and what is chosen as chips that can be changed or taken away. */
export function FilterBar({ fields, chosen, onChange, onClear, search, children }: Props) {
  const active = fields.filter(({ id }) => (chosen[id]?.length ?? 0) > 0);
  const any = active.length > 0 || Boolean(search?.value);
  return (
    <div role="search" aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {search && <SearchField {...search} />}
      {children}
      <Popover
        name="Add a filter"
        label={
          <>
            <ListFilter aria-hidden="true" /> Filter
          </>
        }
      >
        {(close) => <Adding fields={fields} chosen={chosen} onChange={onChange} onDone={close} />}
      </Popover>
      {active.map((field) => (
        <Chip key={field.id} field={field} values={chosen[field.id] ?? []} onChange={(values) => onChange(field.id, values)} />
      ))}
      {any && (
        <Button look="quiet" onClick={onClear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

function Chip({ field, values, onChange }: { field: Field; values: readonly string[]; onChange: (values: string[]) => void }) {
  const { relation, value } = reading(field, values);
  return (
    <span className="inline-flex max-w-full items-center">
      <Popover
        name={`Filter by ${field.label.toLowerCase()}`}
        className="max-w-80 min-w-0 shrink rounded-r-none px-2"
        label={
          <span className="truncate">
            {field.label} <span className="text-quiet">{relation}</span> <span className="font-medium">{value}</span>
          </span>
        }
      >
        {(close) => <FieldEditor field={field} values={values} onChange={onChange} onDone={close} />}
      </Popover>
      <Button
        className="-ml-px rounded-l-none px-1.5"
        aria-label={`Remove the filter ${field.label} ${relation} ${value}`}
        title="Remove this filter"
        onClick={() => onChange([])}
      >
        <X aria-hidden="true" />
      </Button>
    </span>
  );
}

interface AddingProps {
  fields: readonly Field[];
  chosen: Chosen;
  onChange: (field: string, values: string[]) => void;
  onDone: () => void;
}

function Adding({ fields, chosen, onChange, onDone }: AddingProps) {
  const [id, setId] = useState<string | null>(null);
  const field = fields.find((each) => each.id === id);
  if (field) {
    return <FieldEditor field={field} values={chosen[field.id] ?? []} onChange={(values) => onChange(field.id, values)} onDone={onDone} />;
  }
  return (
    <ul aria-label="Filter by">
      {fields.map(({ id: each, label }) => (
        <li key={each}>
          <Button look="quiet" className="w-full justify-start px-2 pointer-coarse:h-11" onClick={() => setId(each)}>
            {label}
          </Button>
        </li>
      ))}
    </ul>
  );
}
