import type { VersionRead } from "@/api/versions";
import { Confusions } from "@/components/evidence/confusions";
import { ResultFigures } from "@/components/evidence/figures";
import { PerClass } from "@/components/evidence/per-class";
import { Reliability } from "@/components/evidence/reliability";
import { Facts } from "@/components/facts";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { calibrationOf, classesOf, confusionsOf, environmentOf, evidenceOf, figuresOf, labelNoiseOf, latencyOf, slicesOf, TELLING, type Latency, type Slice } from "@/lib/evidence";
import { bytes, count, orDash, percent, percentExact, percentInterval, plural } from "@/lib/format";
import { wilson } from "@/lib/statistics";

/** How good it is on examples that it never saw, and where it is weak. */
export function EvidenceSection({ of: version }: { of: VersionRead }) {
  const evidence = evidenceOf(version);
  const classes = classesOf(evidence);
  const pairs = confusionsOf(evidence);
  const all = slicesOf(evidence);
  const slices = all.filter(({ examples }) => (examples ?? 0) >= TELLING);
  const calibration = calibrationOf(evidence);
  return (
    <section aria-labelledby="evidence" className="space-y-8">
      <h2 id="evidence" className="text-lg font-semibold">
        Evidence
      </h2>
      <ResultFigures figures={figuresOf(evidence["figures"])} />
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        {classes.length > 0 && (
          <div className="min-w-0">
            <h3 className="font-semibold">Label by label, the weakest first</h3>
            <PerClass classes={classes} />
          </div>
        )}
        {calibration && calibration.bins.length > 0 && (
          <div className="min-w-0">
            <h3 className="font-semibold">
              Confidence {calibration.error !== null && <span className="text-sm font-normal text-quiet">{percentExact(calibration.error)} off on average</span>}
            </h3>
            <Reliability bins={calibration.bins} />
          </div>
        )}
        {pairs.length > 0 && (
          <div className="min-w-0">
            <h3 className="font-semibold">Taken for each other</h3>
            <Confusions pairs={pairs} />
          </div>
        )}
        {slices.length > 0 && (
          <div className="min-w-0">
            <h3 className="font-semibold">By slice</h3>
            <Slices of={slices} />
            {all.length > slices.length && <p className="mt-1 text-xs text-quiet">{plural(all.length - slices.length, "slice")} of fewer than {TELLING} examples say nothing.</p>}
          </div>
        )}
        <MadeOf of={version} />
      </div>
    </section>
  );
}

function Slices({ of: slices }: { of: readonly Slice[] }) {
  return (
    <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Figures of each slice">
      <Table>
        <thead>
          <tr>
            <Head>Slice</Head>
            <Head numeric>Right</Head>
            <Head numeric className="max-sm:hidden">
              95 %
            </Head>
            <Head numeric>Examples</Head>
          </tr>
        </thead>
        <tbody>
          {slices.map(({ name, accuracy, examples }) => (
            <Row key={name}>
              <Cell className="max-w-48 truncate" title={name}>
                {name}
              </Cell>
              <Cell numeric>{orDash(accuracy, percentExact)}</Cell>
              <Cell numeric className="text-quiet max-sm:hidden">
                {accuracy === null || examples === null ? "–" : interval(accuracy, examples)}
              </Cell>
              <Cell numeric>{orDash(examples, count)}</Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function interval(share: number, total: number): string {
  const { low, high } = wilson(Math.round(share * total), total);
  return percentInterval(low, high);
}

const speed = ({ p50, p95 }: Latency): string =>
  [p50 === null ? null : `${p50.toPrecision(2)} ms median`, p95 === null ? null : `${p95.toPrecision(2)} ms for 95 of 100`].filter(Boolean).join(", ");

/** What it was made of, and what it takes. */
function MadeOf({ of: version }: { of: VersionRead }) {
  const { dataset, engine, size, labels } = version;
  const evidence = evidenceOf(version);
  const latency = latencyOf(evidence["latency"]);
  const noise = labelNoiseOf(evidence);
  const environment = Object.entries(environmentOf(evidence));
  return (
    <div className="min-w-0">
      <h3 className="font-semibold">What it is made of</h3>
      <Facts
        facts={{
          Engine: engine,
          Labels: labels.length > 0 ? count(labels.length) : null,
          Latency: latency && (speed(latency) || null),
          Size: size > 0 ? bytes(size) : null,
          "Label noise": noise && `${plural(noise.suspected, "example")} may be labelled wrongly${noise.share === null ? "" : `, ${percent(noise.share)}`}`,
          Data: dataset.digest && <code className="font-mono text-xs break-all">{dataset.digest}</code>,
          Environment:
            environment.length > 0 ? (
              <span className="font-mono text-xs">
                {environment.map(([name, value]) => (
                  <span key={name} className="block break-all">{`${name} ${value}`}</span>
                ))}
              </span>
            ) : null,
        }}
      />
    </div>
  );
}
