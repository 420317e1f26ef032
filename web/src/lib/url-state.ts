/** What a page keeps in its URL, read with care: anyone may write anything there. */

/** Several values of one name: `?model=a&model=b`, or the router's own `?model=["a","b"]`. */
export function texts(value: unknown, most = 50): string[] {
  const found = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return [...new Set(found.map(text).filter((each) => each !== undefined))].slice(0, most);
}

/** One text; the router reads `?user=42` as a number. */
export function text(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number that is not negative. */
export function amount(value: unknown): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) && found >= 0 ? found : undefined;
}

/** One of a few words. */
export function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}

/** A moment as ISO 8601, when it is one. */
export function moment(value: unknown): string | undefined {
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Leaves out what is not set, so that a URL says only what was chosen. */
export function compact<Values extends object>(values: Values): Partial<Values> {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(kept) as Partial<Values>;
}

/** The same without some names. */
export function without<Values extends object, Name extends keyof Values>(values: Values, ...names: Name[]): Omit<Values, Name> {
  const kept = Object.entries(values).filter(([name]) => !names.includes(name as Name));
  return Object.fromEntries(kept) as Omit<Values, Name>;
}
