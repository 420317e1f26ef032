import type { ReactNode } from "react";

import { Bars } from "../bars";
import { Label } from "../content";
import { useDataset } from "../dataset-context";
import { DatasetFiles } from "../dataset-files";
import { SOURCES, SPLITS } from "../routes";
import type { VersionRead } from "../shapes";
import { byCount, sources, splits } from "../words";

import { countsIn } from "./manifest";

import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { SidePanel } from "@/components/side-panel";
import { When } from "@/components/when";
import { category } from "@/lib/category";
import { plural } from "@/lib/format";

interface Props {
  of: VersionRead;
  onClose: () => void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

/** What a version holds, and how one can tell that it never changed. */
export function VersionPanel({ of: version, ...walk }: Props) {
  const dataset = useDataset();
  const { number, note, examples, available, erasures, manifest } = version;
  const drawn = countsIn(manifest, "splits");
  const origins = countsIn(manifest, "sources");
  const labels = byCount({ ...countsIn(manifest, "labels"), ...countsIn(manifest, "entities") });
  return (
    <SidePanel title={`Version ${number}`} of={version.id} {...walk}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="text-lg font-semibold">Version {number}</h2>
          <p className="text-quiet">{note === "" ? plural(examples, "example") : `${note}. ${plural(examples, "example")}`}</p>
        </div>
        {available && <DatasetFiles dataset={dataset} version={number} />}
      </div>
      {!available && (
        <Notice tone="warn" title="Its content is no longer kept" className="mt-4">
          What it held is told below; the examples themselves are gone.
        </Notice>
      )}
      {erasures.length > 0 && (
        <Notice tone="warn" title={`Examples were taken out ${plural(erasures.length, "time")} for a person's sake`} className="mt-4">
          What it holds is no longer all that was frozen. Models trained on it before are marked.
        </Notice>
      )}
      <Part title="Splits">
        <Bars title="Examples by split" bars={SPLITS.map((split) => ({ name: split, label: splits[split], value: drawn[split] ?? 0 }))} total={examples} />
      </Part>
      <VersionFacts of={version} />
      {labels.length > 0 && (
        <Part title={plural(labels.length, "label")}>
          <Bars title="Examples by label" bars={labels.map(([label, value]) => ({ name: label, label: <Label name={label} />, value, color: category(label) }))} total={examples} />
        </Part>
      )}
      <Part title="Where they came from">
        <Bars title="Examples by source" bars={SOURCES.map((source) => ({ name: source, label: sources[source], value: origins[source] ?? 0 }))} total={examples} />
      </Part>
    </SidePanel>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-6">
      <h3 className="font-semibold">{title}</h3>
      <div className="mt-1">{children}</div>
    </section>
  );
}

function VersionFacts({ of: { id, digest, createdAt, createdBy } }: { of: VersionRead }) {
  return (
    <Facts
      facts={{
        Content: (
          <>
            <code className="font-mono text-xs break-all">{digest}</code> <CopyButton text={digest} what="the hash of the content" />
            <span className="block text-quiet">The same content has the same hash, whoever froze it.</span>
          </>
        ),
        Frozen: <When at={createdAt} />,
        By: <code className="font-mono text-xs break-all">{createdBy}</code>,
        Id: (
          <>
            <code className="font-mono text-xs break-all">{id}</code> <CopyButton text={id} what="the version's id" />
          </>
        ),
      }}
    />
  );
}
