import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Ban, GitCompare, Rocket } from "lucide-react";
import { useState } from "react";

import { DeprecateDialog } from "./deprecate-dialog";
import { EvidenceSection } from "./evidence";
import { Files } from "./files";
import { GateChecks } from "./gate";
import { VersionsHead } from "./head";
import { PromoteDialog } from "./promote-dialog";
import { trainedModelQuery, versionQuery } from "./queries";
import { GateMark, StateMark } from "./state-mark";
import { TryBox } from "./try-box";
import { Versus } from "./versus";
import { environments, verdict } from "./words";

import { useMay } from "@/api/me";
import type { TrainedModel, VersionRead } from "@/api/versions";
import { CopyButton } from "@/components/copy-button";
import { Failure } from "@/components/failure";
import { LineageStrip } from "@/components/lineage-strip";
import { Notice } from "@/components/notice";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { outlineLink, primaryLink } from "@/components/ui/looks";
import { Skeleton } from "@/components/ui/skeleton";
import { Who } from "@/components/who";
import { paths } from "@/lib/paths";
import { fullTime } from "@/lib/time";

/** One version with its evidence: whether it is better, where it is weak, what it was made of. */
export default function VersionPage() {
  const { name = "", version = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(versionQuery(name, version));
  return (
    <div className="space-y-10">
      <title>{`${name} ${data?.version ?? version} · Hone`}</title>
      {data ? (
        <Shown of={data} />
      ) : error ? (
        <>
          <VersionsHead title={version} model={name} />
          <Failure title="The version could not be loaded" error={error} onRetry={() => void refetch()} />
        </>
      ) : (
        <div role="status" aria-label="Loading the version" className="space-y-4">
          <h1 className="sr-only">{`${name} ${version}`}</h1>
          <Skeleton className="h-12 max-w-sm" />
          <Skeleton className="h-72" />
        </div>
      )}
    </div>
  );
}

function Shown({ of: version }: { of: VersionRead }) {
  const { name, dataset, deprecation, gate, liveIn } = version;
  const mayRelease = useMay("releases:read");
  return (
    <>
      <header className="space-y-3">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-72">
            <VersionsHead title={`${name} ${version.version}`} model={name} />
            <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <StateMark state={version.state} />
              <GateMark passed={gate.passed} />
              <span className="flex min-w-0 items-center gap-1 text-quiet">
                <code className="truncate font-mono text-xs">{version.id}</code>
                <CopyButton text={version.id} what="the version's id" />
              </span>
            </p>
            <p className="mt-2 max-w-[72ch] text-pretty">{verdict(version)}</p>
          </div>
          <Actions of={version} />
        </div>
        <LineageStrip
          here="version"
          links={{
            dataset: dataset.id ? { href: `${paths.datasets}/${dataset.id}`, title: dataset.version !== null && /^\d+$/.test(dataset.version) ? `Dataset version ${dataset.version}` : "Dataset version" } : null,
            run: version.run ? { href: `${paths.training}/${version.run}`, title: "Training run" } : null,
            release: mayRelease && { href: `${paths.releases}?name=${encodeURIComponent(name)}`, title: liveIn.length > 0 ? `Live in ${liveIn.map((each) => environments[each]).join(", ")}` : "Releases" },
          }}
        />
      </header>
      {deprecation && (
        <Notice tone="warn" title="Deprecated: it cannot be promoted any more">
          {deprecation.reason} (<Who id={deprecation.by} />, {fullTime(deprecation.at)})
        </Notice>
      )}
      <Versus of={version} />
      <EvidenceSection of={version} />
      <section aria-labelledby="gates" className="max-w-3xl">
        <h2 id="gates" className="mb-2 text-lg font-semibold">
          Gates
        </h2>
        <GateChecks gate={gate} />
      </section>
      {liveIn.includes("production") && (
        <section aria-labelledby="try">
          <TryBox model={name} task={version.task} />
        </section>
      )}
      <Files of={version} />
    </>
  );
}

/** What one compares it with: what is live, or the newest other. */
function beside({ live: { production }, versions }: TrainedModel, version: string): string | undefined {
  return production && production !== version ? production : versions.find((each) => each.version !== version)?.version;
}

function Actions({ of: version }: { of: VersionRead }) {
  const { data: model } = useQuery(trainedModelQuery(version.name));
  const [asked, setAsked] = useState<"promote" | "deprecate" | null>(null);
  const close = () => setAsked(null);
  const live = version.liveIn.includes("production");
  const other = model && beside(model, version.version);
  return (
    <div className="flex flex-wrap gap-2">
      {other && (
        <a href={`${paths.versions}/${encodeURIComponent(version.name)}/compare?a=${other}&b=${version.version}`} className={outlineLink}>
          <GitCompare aria-hidden="true" className="size-4" /> Compare with {other}
        </a>
      )}
      <Permitted to="releases:write">
        {!live && version.state !== "deprecated" && <Releasing of={version} first={model?.live.production === null} onAsk={setAsked} />}
      </Permitted>
      {asked === "promote" && model && <PromoteDialog name={version.name} version={version.version} live={model.live} onClose={close} />}
      {asked === "deprecate" && <DeprecateDialog name={version.name} version={version.version} onClose={close} />}
    </div>
  );
}

/** Where nothing is live there is nobody to compare a part of the traffic with: the first one is promoted. */
function Releasing({ of: { name, files, gate, version }, first, onAsk }: { of: VersionRead; first: boolean; onAsk: (asked: "promote" | "deprecate") => void }) {
  return (
    <>
      <Button onClick={() => onAsk("deprecate")}>
        <Ban aria-hidden="true" /> Deprecate
      </Button>
      {files.length > 0 && (
        <>
          <Button look={first && gate.passed ? "primary" : "outline"} onClick={() => onAsk("promote")}>
            Promote {version}
          </Button>
          {!first && (
            <Link to={paths.newRelease} search={{ name, version }} className={gate.passed ? primaryLink : outlineLink}>
              <Rocket aria-hidden="true" className="size-4" /> Release {version} in steps
            </Link>
          )}
        </>
      )}
    </>
  );
}
