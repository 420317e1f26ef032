/** What to do about a run that failed. Pure. */

import type { RunError } from "@/api/learning";

/** By the code of its error; what is not here is told by the log. */
const ADVICE: Record<string, string[]> = {
  INSUFFICIENT_DATA: ["Add examples to the dataset, or lower the quality that they must have.", "Labels with one or two examples can be merged, or left out until there are more."],
  OUT_OF_MEMORY: ["Give the run more memory under “Limits and machine”, or a smaller batch size.", "The engine linear needs the least."],
  DISK_FULL: ["Make room where Hone keeps its data, then retry: the run goes on from its last checkpoint."],
  wall_limit: ["Retry with a longer time limit: the run goes on from its last checkpoint.", "A smaller search or fewer epochs end sooner."],
  queue_limit: ["Retry when less is waiting, with a higher priority, or without a limit on waiting."],
  budget: ["Raise the run's budget, or choose an engine that costs less."],
  trainer_missing: ["Install the trainer on the machine that runs the worker, then retry."],
  ENGINE_MISSING: ["Install what the engine needs on the machine that runs the worker, then retry."],
  PARAMS_INVALID: ["Begin a run like this one and correct the parameter that the message names."],
};

/** Codes that mean the same. */
const ALSO: Record<string, string> = { DISK_FAILED: "DISK_FULL", memory_exceeded: "OUT_OF_MEMORY" };

export function advice({ code, details }: RunError): string[] {
  const suggestions = details?.["suggestions"];
  const own = Array.isArray(suggestions) ? suggestions.filter((each) => typeof each === "string") : [];
  if (own.length > 0) return own;
  return ADVICE[code] ?? ADVICE[ALSO[code] ?? ""] ?? ["The end of the log says what the trainer was doing. A retry goes on from the last checkpoint where there is one."];
}

/** What else the error says, line by line. */
export function details(error: RunError): Record<string, string> {
  const told = Object.entries(error.details ?? {}).filter(([name, value]) => name !== "suggestions" && value !== null && value !== undefined);
  return Object.fromEntries(told.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value, null, 1)]));
}
