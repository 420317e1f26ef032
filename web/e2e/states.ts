import type { State } from "./stage";
import { alertsStates } from "./states-alerts";
import { auditStates } from "./states-audit";
import { batchesStates } from "./states-batches";
import { costsStates } from "./states-costs";
import { datasetsStates } from "./states-datasets";
import { entranceStates } from "./states-entrance";
import { experimentsStates } from "./states-experiments";
import { feedbackStates } from "./states-feedback";
import { improvementStates } from "./states-improvement";
import { keysStates } from "./states-keys";
import { learnedStates } from "./states-learned";
import { limitsStates } from "./states-limits";
import { monitorsStates } from "./states-monitors";
import { operationsStates } from "./states-operations";
import { overviewStates } from "./states-overview";
import { playgroundStates } from "./states-playground";
import { providersStates } from "./states-providers";
import { registryStates } from "./states-registry";
import { releasesStates } from "./states-releases";
import { retentionStates } from "./states-retention";
import { securityStates } from "./states-security";
import { settingsStates } from "./states-settings";
import { shellStates } from "./states-shell";
import { teamsStates } from "./states-teams";
import { trainingStates } from "./states-training";
import { versionsStates } from "./states-versions";

/** Every state of every page; the states of a feature are in a file of their own. */
export const states: Record<string, State> = {
  ...overviewStates,
  ...registryStates,
  ...providersStates,
  ...playgroundStates,
  ...operationsStates,
  ...costsStates,
  ...datasetsStates,
  ...feedbackStates,
  ...entranceStates,
  ...keysStates,
  ...limitsStates,
  ...learnedStates,
  ...batchesStates,
  ...trainingStates,
  ...versionsStates,
  ...experimentsStates,
  ...releasesStates,
  ...improvementStates,
  ...monitorsStates,
  ...alertsStates,
  ...settingsStates,
  ...teamsStates,
  ...securityStates,
  ...auditStates,
  ...retentionStates,
  ...shellStates,
};
