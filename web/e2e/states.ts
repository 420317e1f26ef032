import type { State } from "./stage";
import { auditStates } from "./states-audit";
import { entranceStates } from "./states-entrance";
import { keysStates } from "./states-keys";
import { limitsStates } from "./states-limits";
import { operationsStates } from "./states-operations";
import { overviewStates } from "./states-overview";
import { playgroundStates } from "./states-playground";
import { registryStates } from "./states-registry";
import { retentionStates } from "./states-retention";
import { securityStates } from "./states-security";
import { settingsStates } from "./states-settings";
import { shellStates } from "./states-shell";
import { teamsStates } from "./states-teams";

/** Every state of every page; the states of a feature are in a file of their own. */
export const states: Record<string, State> = {
  ...overviewStates,
  ...registryStates,
  ...playgroundStates,
  ...operationsStates,
  ...entranceStates,
  ...keysStates,
  ...limitsStates,
  ...settingsStates,
  ...teamsStates,
  ...securityStates,
  ...auditStates,
  ...retentionStates,
  ...shellStates,
};
