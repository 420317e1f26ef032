import type { AlertState, Severity } from "@/api/watch";
import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";
import { compact, oneOf, text } from "@/lib/url-state";

export const STATES = ["open", "acknowledged", "silenced", "resolved"] as const satisfies readonly AlertState[];
export const SEVERITIES = ["critical", "warning", "info"] as const satisfies readonly Severity[];

export interface AlertsSearch {
  state?: AlertState | "any";
  severity?: Severity;
  model?: string;
  monitor?: string;
  /** The alert whose detail lies beside the list. */
  alert?: string;
}

const can: Permission = "monitors:read";

export const alertsList = {
  path: paths.alerts,
  can,
  validateSearch: (search: Record<string, unknown>): AlertsSearch =>
    compact({
      state: oneOf(search["state"], [...STATES, "any" as const]),
      severity: oneOf(search["severity"], SEVERITIES),
      model: text(search["model"]),
      monitor: text(search["monitor"]),
      alert: text(search["alert"]),
    }) as AlertsSearch,
};

export const oneAlert = { path: paths.alert, can };

export const channelsList = {
  path: paths.channels,
  can,
  validateSearch: (search: Record<string, unknown>): { create?: boolean } => compact({ create: search["create"] === true || undefined }) as { create?: boolean },
};
