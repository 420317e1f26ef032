/** The parameters of an engine as fields of a form: what is typed, and what is sent. Pure. */

import type { Schema } from "@/api/learning";
import { plain } from "@/lib/format";
import { measure } from "@/lib/measures";

export interface ParamField {
  /** `linear.c`: where it is. */
  path: string;
  label: string;
  help: string;
  kind: "yes-no" | "choice" | "whole" | "number" | "text" | "json";
  options: string[];
  /** What holds when nothing is typed, as text. */
  usual: string;
  low: number | null;
  high: number | null;
}

/** What is typed, by path; an empty text leaves the default. */
export type Typed = Readonly<Record<string, string>>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every parameter, those within others behind their name. */
export function fieldsOf(schema: unknown, defaults: Readonly<Record<string, unknown>> = {}, before = ""): ParamField[] {
  const properties = isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).flatMap(([name, each]) => {
    const rule = each as Schema;
    const path = before + name;
    const usual = defaults[name] ?? rule.default;
    if (kindOf(rule) === "object" && rule.properties) return fieldsOf(rule, isRecord(usual) ? usual : {}, `${path}.`);
    return [fieldOf(path, rule, usual)];
  });
}

const KINDS: Record<string, ParamField["kind"]> = { boolean: "yes-no", integer: "whole", number: "number", string: "text" };

function fieldOf(path: string, rule: Schema, usual: unknown): ParamField {
  const options = (rule.enum ?? []).filter((each) => each !== null).map(String);
  return {
    path,
    label: rule.title ?? path.split(".").map(measure).join(": "),
    help: plain(rule.description ?? ""),
    kind: options.length > 0 ? "choice" : (KINDS[kindOf(rule)] ?? "json"),
    options,
    usual: asText(usual),
    ...boundsOf(rule),
  };
}

const asText = (value: unknown): string => (value == null ? "" : typeof value === "string" ? value : JSON.stringify(value));

const boundsOf = ({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Schema) => ({ low: minimum ?? exclusiveMinimum ?? null, high: maximum ?? exclusiveMaximum ?? null });

/** The type that is not null. */
function kindOf(rule: Schema): string {
  const types = rule.type === undefined ? (rule.anyOf ?? []).map(kindOf) : [rule.type].flat();
  return types.find((each) => each !== "null") ?? "";
}

/** What is wrong with what is typed, in words; null when nothing is. */
export function wrongWith(field: ParamField, text: string): string | null {
  if (text.trim() === "") return null;
  if (field.kind === "json") return parsed(text) === undefined ? "This is not JSON." : null;
  return field.kind === "whole" || field.kind === "number" ? wrongNumber(field, Number(text.replace(",", "."))) : null;
}

function wrongNumber({ kind, low, high }: ParamField, value: number): string | null {
  if (kind === "whole" && !Number.isInteger(value)) return "A whole number.";
  if (!Number.isFinite(value)) return "A number.";
  return value >= (low ?? -Infinity) && value <= (high ?? Infinity) ? null : outside(low, high);
}

function outside(low: number | null, high: number | null): string {
  if (low !== null && high !== null) return `A number from ${low} to ${high}.`;
  return low !== null ? `${low} at least.` : `${String(high)} at most.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function valueOf({ kind }: ParamField, text: string): unknown {
  if (kind === "yes-no") return text === "true";
  if (kind === "whole" || kind === "number") return Number(text.replace(",", "."));
  return kind === "json" ? parsed(text) : text;
}

/** The parameters that differ from what is usual, as they are sent. */
export function paramsOf(fields: readonly ParamField[], typed: Typed): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const field of fields) {
    const text = typed[field.path]?.trim() ?? "";
    if (text === "" || text === field.usual || wrongWith(field, text) !== null) continue;
    const path = field.path.split(".");
    const last = path.pop() ?? "";
    let place = params;
    for (const part of path) place = (place[part] ??= {}) as Record<string, unknown>;
    place[last] = valueOf(field, text);
  }
  return params;
}

/** What was sent, as it was typed. */
export function typedOf(params: unknown, before = ""): Record<string, string> {
  if (!isRecord(params)) return {};
  const entries = Object.entries(params).flatMap(([name, value]): [string, string][] =>
    isRecord(value) ? Object.entries(typedOf(value, `${before}${name}.`)) : [[before + name, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  return Object.fromEntries(entries);
}
