import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useDataset } from "../dataset-context";
import { runsOnQuery } from "../queries";

import type { Run } from "@/api/learning";
import { useMay } from "@/api/me";
import { When } from "@/components/when";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

const LINK = "hit text-accent-ink underline underline-offset-4";
/** So many are told one by one; the rest by their number. */
const SHOWN = 5;

const NONE = { items: [], total: 0 };
const UNKNOWN = { items: [], total: null };
/** Of an example that is in very many versions, the newest are asked for. */
const MOST = 100;

/** What was trained on an example: the runs that had a version which holds it, and what came of each. */
export function LearnedBy({ versions: all }: { versions: readonly number[] }) {
  const versions = all.slice(0, MOST);
  const { id } = useDataset();
  const may = useMay("training:read");
  const { data } = useQuery({ ...runsOnQuery(id, versions), enabled: may && versions.length > 0 });
  if (!may) return null;
  const { items: runs, total } = versions.length === 0 ? NONE : (data ?? UNKNOWN);
  const more = Number(total) - SHOWN;
  return (
    <section aria-labelledby="learned-by" className="mt-6">
      <h2 id="learned-by" className="font-semibold">
        Trained on it
      </h2>
      {total === 0 && <p className="mt-1 text-quiet">{versions.length === 0 ? "Nothing yet: a training freezes the dataset, and takes what is approved then." : "No training had a version that holds it."}</p>}
      <ul className="mt-1 space-y-1">
        {runs.slice(0, SHOWN).map((run) => (
          <Learned key={run.id} by={run} />
        ))}
      </ul>
      {more > 0 && (
        <Link to={paths.training} search={{ dataset: id, datasetVersion: versions.join(",") }} className={LINK}>
          {plural(more, "older run")}
        </Link>
      )}
    </section>
  );
}

function Learned({ by: { id, model, version, dataset, state, createdAt } }: { by: Run }) {
  return (
    <li>
      <Link to={paths.run} params={{ runId: id }} className={LINK}>
        A run of {model}
      </Link>
      {version !== null && (
        <>
          {" made "}
          <Link to={paths.version} params={{ name: model, version }} className={LINK}>
            this version
          </Link>
        </>
      )}
      <span className="text-quiet">
        {" "}
        · on version {dataset?.version} · {state} · <When at={createdAt} />
      </span>
    </li>
  );
}
