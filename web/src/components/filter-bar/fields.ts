/** One thing that a list can be filtered by. */
export type Field =
  | {
      kind: "choice";
      id: string;
      label: string;
      /** What is there to choose from; undefined while that is not known. */
      options: readonly Option[] | undefined;
    }
  | { kind: "text"; id: string; label: string; /** Such as "user-42". */ example?: string }
  | { kind: "number"; id: string; label: string; /** Said behind the number: "ms". */ unit: string; /** "at least" by default. */ relation?: string };

export interface Option {
  value: string;
  label?: string;
  /** How many rows have it, already in words. */
  note?: string;
}

/** What is chosen, by field; the page keeps it in its URL. */
export type Chosen = Readonly<Record<string, readonly string[]>>;

/** How a chosen filter reads: "Model is gpt-4o or claude-sonnet". */
export function reading(field: Field, values: readonly string[]): { relation: string; value: string } {
  if (field.kind === "number") return { relation: field.relation ?? "at least", value: `${values[0] ?? ""} ${field.unit}` };
  if (field.kind === "text") return { relation: "is", value: values.join(" or ") };
  const names = values.map((value) => field.options?.find((option) => option.value === value)?.label ?? value);
  return { relation: "is", value: names.length > 3 ? `one of ${names.length}` : names.join(" or ") };
}
