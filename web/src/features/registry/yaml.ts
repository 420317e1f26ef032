/** The same as a file for `hone apply`. Pure. */

import type { ModelCreate, PriceWrite, RouteCreate } from "@/api/schema.gen";

const plain = /^[A-Za-z][\w.-]*$/;
const reserved = /^(true|false|yes|no|on|off|null|y|n)$/i;

/** A YAML scalar; JSON's strings are YAML's too. */
export const scalar = (text: string) => (plain.test(text) && !reserved.test(text) ? text : JSON.stringify(text));

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export function routeYaml({ name, policy, targets, fallbacks, deadlines, factors, exploration, regions }: RouteCreate): string {
  const limits = Object.entries(deadlines).filter(([, seconds]) => seconds != null);
  return [
    "routes:",
    `  - name: ${scalar(name || "assistant")}`,
    `    policy: ${policy}`,
    "    targets:",
    ...targets.map(({ model, weight }) => `      - {model: ${scalar(model)}, weight: ${weight}}`),
    ...(fallbacks.length > 0 ? [`    fallbacks: [${fallbacks.map(scalar).join(", ")}]`] : []),
    ...(factors ? [`    factors: {cost: ${factors.cost}, performance: ${factors.performance}, quality: ${factors.quality}}`] : []),
    ...(exploration == null ? [] : [`    exploration: ${exploration}`]),
    ...(regions.length > 0 ? [`    regions: [${regions.map(scalar).join(", ")}]`] : []),
    ...(limits.length > 0 ? [`    deadlines: {${limits.map(([key, seconds]) => `${snake(key)}: ${seconds}`).join(", ")}}`] : []),
  ].join("\n");
}

export function modelYaml({ name, provider, upstream, price, modalities, capabilities, region, quality }: ModelCreate): string {
  return [
    "models:",
    `  - name: ${scalar(name || "large")}`,
    `    provider: ${scalar(provider)}`,
    `    upstream: ${scalar(upstream || "gpt-4o")}`,
    ...(modalities ? [`    modalities: [${modalities.join(", ")}]`] : []),
    ...(capabilities ? [`    capabilities: [${capabilities.join(", ")}]`] : []),
    ...(region == null ? [] : [`    region: ${scalar(region)}`]),
    ...(quality == null ? [] : [`    quality: ${quality}`]),
    ...(price ? [`    price: {${figures(price)}}`] : []),
  ].join("\n");
}

function figures({ input, output, cachedInput, cacheWrite, cacheWriteHour, batch }: PriceWrite): string {
  const told = { input, output, cached_input: cachedInput, cache_write: cacheWrite, cache_write_hour: cacheWriteHour, batch };
  return Object.entries(told)
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(", ");
}
