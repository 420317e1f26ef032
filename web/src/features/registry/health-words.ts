/** The state of providers and circuits in words. Pure. */

import type { Circuit, ProviderHealth } from "./health";

/** Whole seconds: it counts down. */
const seconds = (milliseconds: number) => `${Math.max(1, Math.ceil(milliseconds / 1000))} s`;

export const statusWords: Record<ProviderHealth["status"], string> = {
  healthy: "Healthy",
  degraded: "Degraded",
  unhealthy: "Unhealthy",
  idle: "No calls",
};

export const stateWords: Record<Circuit["state"], string> = {
  closed: "Closed",
  half_open: "Half open",
  open: "Open",
  unknown: "Unknown",
};

/** What the state means for the next call. */
export function circuitWords(circuit: Circuit, now: number): string {
  const { state, openIn, halfOpenIn, processes, until, reason, retryAfter } = circuit;
  if (state === "unknown") return "No server process is heard of.";
  if (state === "closed") return "Calls go to it.";
  const why = reason === null ? "" : ` after ${reason}`;
  const among = (some: number) => (processes > 1 ? ` in ${some} of ${processes} processes` : "");
  if (state === "half_open") return `One call at a time finds out${among(halfOpenIn)} whether it is well${why}.`;
  const left = until === null ? 0 : Date.parse(until) - now;
  const asked = retryAfter === null ? "" : `; it asked for ${seconds(retryAfter * 1000)}`;
  return `Left alone${among(openIn)} for ${seconds(left)} more${why}${asked}.`;
}

/** The page's answer in a sentence. */
export function healthAnswer(items: readonly ProviderHealth[]): string | null {
  if (items.length === 0) return null;
  const unwell = items.filter(({ status }) => status === "unhealthy" || status === "degraded");
  if (unwell.length > 0) {
    const told = unwell.map(({ name, status }) => `${name} is ${statusWords[status].toLowerCase()}`);
    return `${told.join(", ")}.`;
  }
  return items.every(({ status }) => status === "idle") ? "None was called in the last hour." : "Every provider that was called is healthy.";
}
