/** The parts of a route as its form calls them. */

const names: Record<string, string> = {
  name: "Name",
  policy: "Policy",
  fallbacks: "Fallbacks",
  "deadlines connect": "Connect deadline (s)",
  "deadlines firstToken": "First token deadline (s)",
  "deadlines stall": "Stall deadline (s)",
  "deadlines total": "Whole answer deadline (s)",
};

/** `Target large: weight`, `First token deadline (s)`. */
export function routeFieldName(path: readonly string[]): string {
  const [field = "", of = "", part] = path;
  if (field === "targets" && part !== undefined) return `Target ${of}: ${part}`;
  return names[path.join(" ")] ?? path.join(" › ");
}
