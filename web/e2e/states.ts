import type { State } from "./stage";
import { entranceStates } from "./states-entrance";
import { keysStates } from "./states-keys";
import { overviewStates } from "./states-overview";
import { settingsStates } from "./states-settings";
import { shellStates } from "./states-shell";

/** Every state of every page; the states of a feature are in a file of their own. */
export const states: Record<string, State> = { ...overviewStates, ...entranceStates, ...keysStates, ...settingsStates, ...shellStates };
