/**
 * One of the eight category colours for a name: the same wherever it is shown, and remembered in this browser.
 * Names take the colours in the order in which they are first seen, so that few names never share one.
 */
const CATEGORIES = 8;
const KEY = "hone.categories";

let names: string[] | undefined;

export function category(name: string): string {
  names ??= remembered();
  if (!names.includes(name)) {
    names.push(name);
    localStorage.setItem(KEY, JSON.stringify(names));
  }
  return `var(--category-${(names.indexOf(name) % CATEGORIES) + 1})`;
}

function remembered(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
