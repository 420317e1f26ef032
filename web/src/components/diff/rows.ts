/** What differs between two structured values, one row for each leaf. Pure. */

export interface DiffRow {
  /** Where it is: `["targets", "large", "weight"]`. */
  path: readonly string[];
  before: string | null;
  after: string | null;
  changed: boolean;
}

/** A list's items are told apart by this, so that a reordered list reads as moves and not as rewrites. */
type KeyOf = (item: unknown, index: number) => string;

const NAMES = ["model", "name", "id"];

const keyOf: KeyOf = (item, index) => {
  if (typeof item === "string" || typeof item === "number") return String(item);
  if (isRecord(item)) {
    const name = NAMES.map((each) => item[each]).find((each) => typeof each === "string");
    if (name !== undefined) return name;
  }
  return String(index + 1);
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isLeaf = (value: unknown) => !isRecord(value) && !Array.isArray(value);

/** Plain values as people read them; null and undefined are nothing. */
function leaf(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A list of plain values is one value: its order counts. */
const isPlainList = (value: unknown): value is unknown[] => Array.isArray(value) && value.every(isLeaf);

function entries(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [keyOf(item, index), item]);
  if (isRecord(value)) return Object.entries(value);
  return [];
}

function text(value: unknown): string | null {
  if (isPlainList(value)) return value.length === 0 ? null : value.map((item) => leaf(item)).join(", ");
  return leaf(value);
}

const isWhole = (value: unknown) => isLeaf(value) || (isPlainList(value) && value.length > 0);

/** Every leaf of both, in the order of what comes after. */
export function diffRows(before: unknown, after: unknown, path: readonly string[] = []): DiffRow[] {
  if ((isWhole(before) && isWhole(after)) || (isPlainList(before) && isPlainList(after))) {
    const [was, is] = [text(before), text(after)];
    return was === null && is === null ? [] : [{ path, before: was, after: is, changed: was !== is }];
  }
  const [old, now] = [new Map(entries(before)), new Map(entries(after))];
  const keys = [...now.keys(), ...[...old.keys()].filter((key) => !now.has(key))];
  return keys.flatMap((key) => diffRows(old.get(key), now.get(key), [...path, key]));
}
