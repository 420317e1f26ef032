import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { versionOfRunQuery } from "../queries";

import type { Run } from "@/api/learning";
import { useMay } from "@/api/me";
import type { VersionRead } from "@/api/versions";
import { Confusions } from "@/components/evidence/confusions";
import { ResultFigures } from "@/components/evidence/figures";
import { PerClass } from "@/components/evidence/per-class";
import { Notice } from "@/components/notice";
import { primaryLink } from "@/components/ui/looks";
import { classesOf, confusionsOf, evidenceOf, figuresOf } from "@/lib/evidence";
import { paths } from "@/lib/paths";

/** What came of a run: how good it is on examples that it never saw, where it is weak, and the version that it made. */
export function Result({ run }: { run: Run }) {
  const may = useMay("models:read");
  const { data: version } = useQuery({ ...versionOfRunQuery(run.model, run.version ?? ""), enabled: may && run.version !== null });
  const figures = figuresOf(run.figures);
  return (
    <section aria-labelledby="result" className="space-y-6">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="result" className="text-lg font-semibold">
          What came of it
        </h2>
        {version && (
          <Link to={paths.version} params={{ name: version.name, version: version.version }} className={primaryLink}>
            Look at version {version.version}
          </Link>
        )}
      </header>
      <ResultFigures figures={figures} />
      {version && <Verdict version={version} />}
      {version && <Weak version={version} />}
    </section>
  );
}

/** Where it is weak: its labels, and which of them it takes for each other. */
function Weak({ version }: { version: VersionRead }) {
  const classes = classesOf(evidenceOf(version));
  const pairs = confusionsOf(evidenceOf(version));
  if (classes.length === 0 && pairs.length === 0) return null;
  return (
        <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          {classes.length > 0 && (
            <div className="min-w-0">
              <h3 className="font-semibold">Label by label, the weakest first</h3>
              <PerClass classes={classes} />
            </div>
          )}
          {pairs.length > 0 && (
            <div className="min-w-0">
              <h3 className="font-semibold">Taken for each other</h3>
              <Confusions pairs={pairs} />
            </div>
          )}
        </div>
  );
}

function Verdict({ version: { gate } }: { version: VersionRead }) {
  const failed = gate.checks.filter(({ passed }) => !passed);
  if (gate.passed) return <Notice tone="info" title={gate.comparedWith === null ? "It passed every check: it is a first version that can go into force" : `It passed every check against ${gate.comparedWith}: it can go into force`} />;
  return (
    <Notice tone="warn" title={`It did not pass ${failed.length === 1 ? "a check" : `${failed.length} checks`}, so nothing puts it in force by itself`}>
      <ul className="list-disc space-y-0.5 pl-5">
        {failed.map(({ name, words }) => (
          <li key={name}>{words}</li>
        ))}
      </ul>
    </Notice>
  );
}
