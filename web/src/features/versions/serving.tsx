import { useQuery } from "@tanstack/react-query";

import { predictorQuery } from "./queries";
import { servedAs, troubleOf } from "./words";

import { Notice } from "@/components/notice";

/** Tells what of a model the predictor has in memory, and why that is not what is live. */
export function Serving({ name }: { name: string }) {
  const { data } = useQuery(predictorQuery);
  if (!data) return null;
  const trouble = troubleOf(data, name);
  return trouble ? (
    <Notice tone="bad" title={trouble.title}>
      {trouble.detail}
    </Notice>
  ) : (
    <p className="max-w-[72ch] text-pretty text-quiet">{servedAs(data, name)}</p>
  );
}
