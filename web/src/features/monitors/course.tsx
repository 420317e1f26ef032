import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { pointsQuery, type Monitor } from "@/api/watch";
import { Sparkline } from "@/components/measured/sparkline";
import { readsAs } from "@/lib/watched";

const HOUR = 3_600_000;

/** Whole hours, so that a list that is looked at again asks for nothing anew. */
const aDayAgo = () => Math.floor(Date.now() / HOUR) * HOUR - 24 * HOUR;

/** How a monitor's values went within a day, as a small line. */
export function Course({ of: monitor }: { of: Monitor }) {
  const [from] = useState(aDayAgo);
  const { data } = useQuery({ ...pointsQuery(monitor.id, from), enabled: monitor.measuredAt !== null, staleTime: 60_000 });
  const values = data?.items.filter(({ slice }) => slice === "").flatMap(({ value }) => (value === null ? [] : [value])) ?? [];
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return null;
  const format = readsAs(monitor);
  return <Sparkline values={values} bad={monitor.state === "alerting"} label={`from ${format(first)} to ${format(last)}`} />;
}
