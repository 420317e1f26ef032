import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";

import { trackersQuery } from "../queries";

import type { Run, Tracker } from "@/api/learning";

const names: Record<Tracker["tracker"], string> = { mlflow: "MLflow", wandb: "Weights & Biases" };

/** Which other trackers show the run, with a way there; null where none does. */
export function useTracked(run: Pick<Run, "id">): ReactNode {
  const { data } = useQuery(trackersQuery(run.id));
  return data === undefined || data.items.length === 0 ? null : <Tracked by={data.items} />;
}

function Tracked({ by }: { by: readonly Tracker[] }) {
  return (
    <ul className="space-y-1">
      {by.map(({ tracker, url, state, error }) => (
        <li key={tracker}>
          {url === null ? (
            names[tracker]
          ) : (
            <a href={url} target="_blank" rel="noreferrer" className="hit inline-flex items-center gap-1 text-accent-ink underline underline-offset-4">
              {names[tracker]} <ExternalLink aria-hidden="true" className="size-3.5" />
              <span className="sr-only">(opens in a new tab)</span>
            </a>
          )}
          {error !== null && <span className="block text-xs text-quiet">{state === "given_up" ? `It was not told all: ${error}` : `It could not be told yet: ${error}`}</span>}
        </li>
      ))}
    </ul>
  );
}
