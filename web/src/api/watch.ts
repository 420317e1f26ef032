/** Names for what the API says of monitors and alerts; only what `/ws` pushes is written by hand. */

import { queryOptions } from "@tanstack/react-query";

import { get } from "./client";
import type { AlertPage, AlertRead, ChannelRead, ModelStatistics, MonitorPoints, MonitorRead, StatisticsReport } from "./schema.gen";

export type {
  AlertAction,
  AlertDeliveryRead as AlertDelivery,
  AlertPage,
  AlertRead as Alert,
  ChannelMade as AlertChannelMade,
  ChannelRead as AlertChannel,
  ChannelTested as AlertChannelTested,
  ErrorPatternRead as ErrorPattern,
  MetricEstimate as Estimate,
  ModelStatistics as ModelStanding,
  MonitorPointRead as MonitorPoint,
  MonitorPoints,
  MonitorRead as Monitor,
  MonitorRule,
  StatisticsReport as Statistics,
} from "./schema.gen";

export type Severity = AlertRead["severity"];
export type AlertState = AlertRead["state"];
export type ChannelKind = ChannelRead["kind"];
export type MonitorKind = MonitorRead["kind"];
export type MonitorState = MonitorRead["state"];
export type Quality = ModelStatistics["status"]["status"];

/** What `/ws` says when alerts open, change or are over. */
export interface AlertsPush {
  alerts: { id: string; state: AlertState; severity: Severity }[];
}

export const ALERTS = "/api/ai/alerts";
export const MONITORS = "/api/monitors";

/** The alerts that somebody has to look at, the newest of them, and how many there are. */
export const openAlertsQuery = queryOptions({
  queryKey: ["alerts", "open"],
  queryFn: ({ signal }) => get<AlertPage>(`${ALERTS}?state=open&limit=5`, { signal }),
});

/** What a monitor measured, from a moment on. */
export const pointsQuery = (monitor: string, from: number, to?: number) =>
  queryOptions({
    queryKey: ["monitors", "points", monitor, from, to],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ from: new Date(from).toISOString(), ...(to !== undefined && { to: new Date(to).toISOString() }) });
      return get<MonitorPoints>(`${MONITORS}/${encodeURIComponent(monitor)}/points?${asked.toString()}`, { signal });
    },
  });

export const monitorQuery = (id: string) =>
  queryOptions({
    queryKey: ["monitors", "one", id],
    queryFn: ({ signal }) => get<MonitorRead>(`${MONITORS}/${encodeURIComponent(id)}`, { signal }),
  });

/** How every model is, made anew every five minutes. */
export const statisticsQuery = queryOptions({
  queryKey: ["monitors", "statistics"],
  queryFn: ({ signal }) => get<StatisticsReport>("/api/ai/statistics", { signal }),
  staleTime: 60_000,
});
