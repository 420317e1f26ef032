import { useQuery } from "@tanstack/react-query";

import { Disputed } from "./disputed";
import { isDisputed } from "./model-columns";
import { catalogueQuery } from "./queries";

import type { ModelRead } from "@/api/schema.gen";
import { Notice } from "@/components/notice";

/** What one should know of a model before it surprises. */
export function ModelNotices({ model }: { model: ModelRead }) {
  const { data } = useQuery(catalogueQuery);
  const entry = data?.items.find(({ id }) => id === model.catalogueId);
  const disputed = entry !== undefined && isDisputed(model);
  return (
    <div className="max-w-3xl space-y-2 empty:hidden">
      <Unpriced model={model} />
      <Retirement on={entry?.retires ?? null} />
      {disputed && <Disputed entry={entry} />}
    </div>
  );
}

function Unpriced({ model }: { model: ModelRead }) {
  if (model.price) return null;
  return (
    <Notice tone="warn" title="It has no price">
      Its calls are counted as free of charge until it has one.
    </Notice>
  );
}

function Retirement({ on }: { on: string | null }) {
  if (on === null) return null;
  return (
    <Notice tone="warn" title={`Its vendor retires it on ${on}`}>
      Calls fail from then on. Give its share in each route to another model before.
    </Notice>
  );
}
