import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { GitCompare, Undo2 } from "lucide-react";
import { useState } from "react";

import { VersionsHead } from "./head";
import { LiveHistory } from "./history";
import { PromoteDialog } from "./promote-dialog";
import { trainedModelQuery, undoneQuery, versionQuery } from "./queries";
import { RollBackDialog } from "./rollback-dialog";
import { Serving } from "./serving";
import { TryBox } from "./try-box";
import { VersionTable } from "./version-table";
import { newestInWords, undoneOf, worth } from "./words";

import { useMay } from "@/api/me";
import type { ReleaseSummary } from "@/api/releases";
import type { TrainedModel, VersionSummary } from "@/api/versions";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { outlineLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";
import { taskName } from "@/lib/tasks";

/** One trained model: what of it is in force, its versions, and what was when. */
export default function TrainedPage() {
  const { name = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(trainedModelQuery(name));
  return (
    <div className="space-y-8">
      <title>{`${name} · Hone`}</title>
      {data ? (
        <Model model={data} />
      ) : error ? (
        <>
          <VersionsHead title={name} />
          <Failure title="The model could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <div role="status" aria-label="Loading the model" className="space-y-4">
          <h1 className="sr-only">{name}</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </div>
  );
}

function Model({ model }: { model: TrainedModel }) {
  const [newest, before] = model.versions;
  const { data: undone = { items: [] } } = useQuery({ ...undoneQuery(model.name), enabled: useMay("releases:read") });
  return (
    <>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <VersionsHead title={model.name} />
          <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">{answer(model, undone.items)}</p>
        </div>
        <Actions model={model} undone={undone.items} />
      </header>
      {model.callableAs !== null && (
        <section aria-labelledby="try" className="space-y-3">
          <Serving name={model.name} />
          <TryBox model={model.callableAs} task={model.task} />
        </section>
      )}
      <section aria-labelledby="versions">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="versions" className="text-lg font-semibold">
            Versions
          </h2>
          {newest && before && (
            <Link to={paths.compareVersions} params={{ name: model.name }} search={{ a: model.live.production ?? before.version, b: newest.version === model.live.production ? before.version : newest.version }} className={outlineLink}>
              <GitCompare aria-hidden="true" className="size-4" /> Compare two
            </Link>
          )}
        </div>
        <VersionTable model={model} />
      </section>
      <LiveHistory name={model.name} />
    </>
  );
}

function answer(model: TrainedModel, undone: readonly ReleaseSummary[]): string {
  const live = model.versions.find(({ version }) => version === model.live.production);
  const what = `${taskName(model.task)}, ${plural(model.versions.length, "version")}.`;
  const now = live ? `${live.version} is live${worth(live) ? ` with ${worth(live)}` : ""}.` : "Nothing is live yet: no call is answered by it.";
  return `${what} ${now} ${newestInWords(model, undone)}`.trimEnd();
}

/** The next is trained as the one that proved itself was; else as the newest. */
function TrainNext({ of: { name, live, versions } }: { of: TrainedModel }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const last = live.production ?? versions[0]?.version;

  async function begin() {
    // Where nobody knows how it was trained, the form is filled in by hand.
    const run = last === undefined ? null : await queries.query({ ...versionQuery(name, last), staleTime: 60_000 }).then((version) => version.run, () => null);
    await navigate({ to: paths.newRun, search: run === null ? { model: name } : { like: run } });
  }

  return <Button onClick={() => void begin()}>Train the next</Button>;
}

function Actions({ model, undone }: { model: TrainedModel; undone: readonly ReleaseSummary[] }) {
  const [promoting, setPromoting] = useState<VersionSummary | null>(null);
  const [rolling, setRolling] = useState(false);
  const [newest] = model.versions;
  return (
    <div className="flex flex-wrap gap-2">
      {newest && newest.version !== model.live.production && newest.state !== "deprecated" && (
        <Permitted to="releases:write">
          <Button look={newest.gatePassed && !undoneOf(newest.version, undone) ? "primary" : "outline"} onClick={() => setPromoting(newest)}>
            Promote {newest.version}
          </Button>
        </Permitted>
      )}
      {model.live.production !== null && (
        <Permitted to="releases:write">
          <Button onClick={() => setRolling(true)}>
            <Undo2 aria-hidden="true" /> Roll back
          </Button>
        </Permitted>
      )}
      <Permitted to="training:write">
        <TrainNext of={model} />
      </Permitted>
      {promoting && <PromoteDialog name={model.name} version={promoting.version} live={model.live} onClose={() => setPromoting(null)} />}
      {rolling && <RollBackDialog model={model} onClose={() => setRolling(false)} />}
    </div>
  );
}
