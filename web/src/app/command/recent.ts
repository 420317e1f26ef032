/** The objects that were looked at last in this browser, so that one finds back. */

const KEY = "hone.recent";
const KEPT = 6;

export interface Recent {
  href: string;
  title: string;
}

export function recent(): Recent[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as Recent[];
  } catch {
    return [];
  }
}

export function remember(seen: Recent): void {
  const others = recent().filter(({ href }) => href !== seen.href);
  localStorage.setItem(KEY, JSON.stringify([seen, ...others].slice(0, KEPT)));
}

export function forgetRecent(): void {
  localStorage.removeItem(KEY);
}
