import { useState, type SyntheticEvent } from "react";

import { useFacets } from "./queries";
import { DIMENSIONS, LASTS, MANY, METADATA, USUAL, type CostsSearch } from "./routes";
import { nameOf, names } from "./words";

import type { FacetValue } from "@/api/schema.gen";
import type { Chosen, Field, Option } from "@/components/filter-bar/fields";
import { FilterBar } from "@/components/filter-bar/filter-bar";
import { TimeRange } from "@/components/filter-bar/time-range";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { without } from "@/lib/url-state";

interface Props {
  search: CostsSearch;
  onChange: (search: CostsSearch) => void;
}

const OWN = "metadata";

/** By what, when, and of which calls. */
export function Controls({ search, onChange }: Props) {
  const facets = useFacets();
  const options = (values: FacetValue[] | undefined): Option[] | undefined => values?.map(({ value, label }) => ({ value, ...(label !== null && { label }) }));
  const fields: Field[] = [
    { kind: "choice", id: "model", label: "Model", options: options(facets?.model) },
    { kind: "choice", id: "route", label: "Route", options: options(facets?.route) },
    { kind: "choice", id: "key", label: "API key", options: options(facets?.key) },
    { kind: "choice", id: "status", label: "Status", options: options(facets?.status) },
    { kind: "choice", id: "kind", label: "Kind", options: options(facets?.kind) },
    { kind: "text", id: "user", label: "User", example: "user-42" },
    { kind: "text", id: "conversation", label: "Conversation", example: "conversation-7" },
  ];
  const chosen: Chosen = Object.fromEntries(MANY.map((name) => [name, search[name] ?? []]));
  const range = { last: search.last ?? (search.from || search.to ? undefined : USUAL.last), from: search.from, to: search.to };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <By search={search} onChange={onChange} />
      <FilterBar
        fields={fields}
        chosen={chosen}
        onChange={(field, values) => {
          const rest = without(search, field as (typeof MANY)[number]);
          onChange(values.length === 0 ? rest : { ...rest, [field]: field === "key" ? values.slice(-1) : values });
        }}
        onClear={() => onChange(without(search, ...MANY))}
      >
        <TimeRange range={defined(range)} lasts={LASTS} any={false} onChange={(next) => onChange({ ...without(search, "last", "from", "to"), ...next })} />
      </FilterBar>
    </div>
  );
}

/** Leaves out what is not set. */
const defined = (range: { last: string | undefined; from: string | undefined; to: string | undefined }) => ({
  ...(range.last && { last: range.last }),
  ...(range.from && { from: range.from }),
  ...(range.to && { to: range.to }),
});

function By({ search, onChange }: Props) {
  const by = search.by ?? USUAL.by;
  const own = by.startsWith(METADATA);
  const [naming, setNaming] = useState(false);
  const choices = [...DIMENSIONS.map((value) => ({ value, label: `By ${names[value].toLowerCase()}` })), { value: OWN, label: own ? `By ${nameOf(by)}` : "By metadata…" }];

  function choose(value: string) {
    setNaming(value === OWN);
    if (value !== OWN) onChange({ ...without(search, "by"), ...(value !== USUAL.by && { by: value }) });
  }

  function name(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get("key");
    if (typeof key !== "string" || key.trim() === "") return;
    setNaming(false);
    onChange({ ...search, by: METADATA + key.trim() });
  }

  return (
    <>
      <Select aria-label="Add up by" className="w-40" options={choices} value={naming || own ? OWN : by} onChange={choose} />
      {(naming || own) && (
        <form onSubmit={name} className="flex gap-2">
          <Input key={by} name="key" aria-label="Key of the metadata" placeholder="feature" defaultValue={own ? by.slice(METADATA.length) : ""} maxLength={64} className="w-36" />
          <Button type="submit">Add up</Button>
        </form>
      )}
    </>
  );
}
