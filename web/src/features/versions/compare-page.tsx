import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import { VersionsHead } from "./head";
import { comparisonQuery, trainedModelQuery } from "./queries";

import type { VersionComparison, VersionRead } from "@/api/versions";
import { Diff } from "@/components/diff/diff";
import { Differences } from "@/components/evidence/differences";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { versusOf, type Moved } from "@/lib/evidence";
import { orDash, plural } from "@/lib/format";
import { figure, isShare, measure } from "@/lib/measures";
import { paths } from "@/lib/paths";

/** Two versions side by side. */
export default function CompareVersionsPage() {
  const { name } = useParams({ from: "/signed-in/versions/$name/compare" });
  const search = useSearch({ from: "/signed-in/versions/$name/compare" });
  const navigate = useNavigate();
  const model = useQuery(trainedModelQuery(name));
  const versions = useMemo(() => (model.data?.versions ?? []).map(({ version }) => version), [model.data]);
  const [newest = "", before = ""] = versions;
  const { a = before, b = newest } = search;
  const { data, error, refetch } = useQuery({ ...comparisonQuery(name, a, b), enabled: a !== "" && b !== "", placeholderData: keepPreviousData });
  const failed = model.error ?? error;
  const show = (next: { a: string; b: string }) => void navigate({ to: paths.compareVersions, params: { name }, search: next, replace: true });
  const options = [...new Set([...versions, a, b])].filter(Boolean).map((value) => ({ value, label: value }));
  return (
    <div className="space-y-8">
      <title>{`${name}: ${a} and ${b} · Hone`}</title>
      <header>
        <VersionsHead title="Two versions" model={name} />
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Select aria-label="The first version" className="w-32" options={options} value={a} onChange={(value) => show({ a: value, b })} />
          <span className="text-quiet">and</span>
          <Select aria-label="The second version" className="w-32" options={options} value={b} onChange={(value) => show({ a, b: value })} />
        </div>
      </header>
      {failed ? (
        <Failure title="They could not be compared" error={failed} onRetry={() => void Promise.all([model.refetch(), refetch()])} />
      ) : (
        <Told of={data} alone={model.data !== undefined && versions.length < 2} />
      )}
    </div>
  );
}

function Told({ of: told, alone }: { of: VersionComparison | undefined; alone: boolean }) {
  if (told) return <Compared of={told} />;
  return alone ? <p className="text-quiet">It has one version only: there is nothing to compare it with.</p> : <Skeleton className="h-96" />;
}

type Row = VersionComparison["figures"][number];

/** Rows whose difference is known, in the form that is drawn. */
const moved = (rows: readonly Row[]): Moved[] =>
  rows.flatMap(({ name, a, b, difference }) => (difference === null ? [] : [{ name, champion: a, challenger: b, difference, low: null, high: null, examples: null }]));

/** Labels shown; the rest changed less. */
const MOST = 12;

function Compared({ of: told }: { of: VersionComparison }) {
  const { a, b, sameData, labelsAdded, labelsGone } = told;
  const paired = versusOf(told.paired);
  const shares = paired && paired.metrics.length > 0 ? paired.metrics : moved(told.figures.filter(({ name }) => isShare(name)));
  const others = told.figures.filter(({ name, a: one, b: two }) => !isShare(name) && (one !== null || two !== null));
  return (
    <>
      {!sameData && (
        <Notice tone="warn" title="They were measured on different data">
          What is better by this may be the data, not the model.
        </Notice>
      )}
      <Part title="Figures">
        <Differences rows={shares} head="Measure" former={a.version} now={b.version} />
        {others.length > 0 && (
          <p className="mt-2 text-sm text-quiet">
            {others.map(({ name, a: one, b: two }) => `${measure(name)}: ${orDash(one, (value) => figure(name, value))} → ${orDash(two, (value) => figure(name, value))}`).join("; ")}
          </p>
        )}
      </Part>
      {told.perClass.length > 0 && (
        <Part title="F1 of labels, what changed most">
          <Differences rows={moved(told.perClass).slice(0, MOST)} head="Label" former={a.version} now={b.version} />
        </Part>
      )}
      {told.slices.length > 0 && (
        <Part title="By slice">
          <Differences rows={moved(told.slices).slice(0, MOST)} head="Slice" former={a.version} now={b.version} />
        </Part>
      )}
      {labelsAdded.length + labelsGone.length > 0 && (
        <Part title="Labels">
          {labelsAdded.length > 0 && <p>{`${plural(labelsAdded.length, "is", "are")} new: ${labelsAdded.join(", ")}`}</p>}
          {labelsGone.length > 0 && <p>{`${plural(labelsGone.length, "is", "are")} gone: ${labelsGone.join(", ")}`}</p>}
        </Part>
      )}
      <Part title="How they were made">
        <Diff label="Configuration of both" before={made(a)} after={made(b)} heads={{ before: a.version, after: b.version }} />
      </Part>
    </>
  );
}

const made = ({ engine, task, dataset, configuration, size, labels }: VersionRead) => ({
  engine,
  task,
  dataset: dataset.version,
  digest: dataset.digest,
  ...configuration,
  bytes: size,
  labels: labels.length,
});

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="max-w-4xl">
      <h2 className="mb-2 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}
