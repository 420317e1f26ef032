import type { State } from "./stage";
import { entranceStates } from "./states-entrance";
import { overviewStates } from "./states-overview";
import { shellStates } from "./states-shell";

/** Every state of every page; the states of a feature are in a file of their own. */
export const states: Record<string, State> = { ...overviewStates, ...entranceStates, ...shellStates };
