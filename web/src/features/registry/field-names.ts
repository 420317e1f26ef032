/** The parts of a route as its form calls them. */

const names: Record<string, string> = {
  name: "Name",
  policy: "Policy",
  "factors cost": "Factor cost",
  "factors performance": "Factor performance",
  "factors quality": "Factor quality",
  exploration: "Exploration",
  regions: "Regions",
  fallbacks: "Fallbacks",
  "deadlines connect": "Connect deadline (s)",
  "deadlines firstToken": "First token deadline (s)",
  "deadlines stall": "Stall deadline (s)",
  "deadlines total": "Whole answer deadline (s)",
};

const placed: Record<string, string> = {
  name: "Name",
  provider: "Provider",
  upstream: "Model at the provider",
  modalities: "Takes",
  capabilities: "Can do",
  region: "Region",
  quality: "Quality",
  kind: "Vendor",
  baseUrl: "Base URL",
};

/** The parts of a model or a provider as their forms call them. */
export const placeFieldName = (path: readonly string[]): string => placed[path.join(" ")] ?? path.join(" › ");

/** `Target large: weight`, `First token deadline (s)`. */
export function routeFieldName(path: readonly string[]): string {
  const [field = "", of = "", part] = path;
  if (field === "targets" && part !== undefined) return `Target ${of}: ${part}`;
  return names[path.join(" ")] ?? path.join(" › ");
}
