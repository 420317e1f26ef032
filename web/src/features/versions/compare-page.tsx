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
import { bytes, orDash, plural } from "@/lib/format";
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

/** The test on the same examples, where one was held against the other; told from the first version to the second, whichever came later. */
function pairedOf({ a, b, paired }: VersionComparison) {
  const found = versusOf(paired);
  if (!found || found.metrics.length === 0) return null;
  const later = b.gate.comparedWith === a.version ? b : a;
  if (later === b) return { ...found, on: b.version };
  return { ...found, on: a.version, metrics: found.metrics.map(turned) };
}

const minus = (value: number | null) => (value === null ? null : -value);
const turned = (row: Moved): Moved => ({ ...row, champion: row.challenger, challenger: row.champion, difference: -row.difference, low: minus(row.high), high: minus(row.low) });

/** Labels shown; the rest changed less. */
const MOST = 12;

function Compared({ of: told }: { of: VersionComparison }) {
  const { a, b, sameData, labelsAdded, labelsGone } = told;
  const paired = pairedOf(told);
  const shares = paired ? paired.metrics : moved(told.figures.filter(({ name }) => isShare(name)));
  const others = told.figures.filter(({ name, a: one, b: two }) => !isShare(name) && (one !== null || two !== null));
  return (
    <>
      {!sameData && <OwnData title={paired ? "But for the figures, each was measured on data of its own" : "They were measured on different data"} />}
      <Part title="Figures">
        {paired && <p className="mb-2 text-quiet">{`Both answered the same ${paired.examples === null ? "test examples" : plural(paired.examples, "test example")}, those of ${paired.on}.`}</p>}
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
      <LabelsMoved added={labelsAdded} gone={labelsGone} />
      <Part title="How they were made">
        <Diff label="Configuration of both" before={made(a)} after={made(b)} heads={{ before: a.version, after: b.version }} />
      </Part>
    </>
  );
}

function OwnData({ title }: { title: string }) {
  return (
    <Notice tone="warn" title={title}>
      What is better by this may be the data, not the model.
    </Notice>
  );
}

function LabelsMoved({ added, gone }: { added: readonly string[]; gone: readonly string[] }) {
  if (added.length + gone.length === 0) return null;
  return (
    <Part title="Labels">
      {added.length > 0 && <p>{`${plural(added.length, "is", "are")} new: ${added.join(", ")}`}</p>}
      {gone.length > 0 && <p>{`${plural(gone.length, "is", "are")} gone: ${gone.join(", ")}`}</p>}
    </Part>
  );
}

/** As many digits as tell one content from another. */
const DIGITS = 12;

const made = ({ engine, task, dataset, configuration, size, labels }: VersionRead) => ({
  engine,
  task,
  data: dataset.digest?.slice(0, DIGITS) ?? null,
  ...configuration,
  size: bytes(size),
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
