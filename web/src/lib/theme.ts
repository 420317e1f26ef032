/** Light, dark, or what the system says; remembered in this browser. `public/theme.js` applies it before the first paint. */

export type Theme = "system" | "light" | "dark";

const KEY = "hone.theme";
const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

export function currentTheme(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function apply(): void {
  const theme = currentTheme();
  const dark = theme === "system" ? system.matches : theme === "dark";
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  for (const listener of listeners) listener();
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  apply();
}

export function watchTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

system.addEventListener("change", apply);
// Another tab chose.
addEventListener("storage", (event) => {
  if (event.key === KEY) apply();
});
