import type { VersionRead } from "@/api/versions";
import { Differences } from "@/components/evidence/differences";
import { TELLING, versusOf } from "@/lib/evidence";
import { count } from "@/lib/format";

/** Slices shown; the rest changed less. */
const MOST = 10;

/** Beside what was live when it was made, on the same examples: how much better, and whether that may be chance. */
export function Versus({ of: { comparison, gate, version } }: { of: VersionRead }) {
  const versus = versusOf(comparison);
  if (!versus || versus.metrics.length === 0) return null;
  const former = gate.comparedWith ?? "Before";
  const slices = versus.slices.filter(({ examples }) => (examples ?? TELLING) >= TELLING).sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  return (
    <section aria-labelledby="versus" className="space-y-6">
      <div>
        <h2 id="versus" className="text-lg font-semibold">
          Beside {gate.comparedWith ?? "what was live"}
        </h2>
        <p className="text-pretty text-quiet">
          Both answered the same {versus.examples === null ? "test examples" : `${count(versus.examples)} test examples`}. A line that stays clear of zero is more than chance.
          {versus.pValue !== null && ` McNemar’s test: p ${versus.pValue < 0.0001 ? "< 0.0001" : `= ${versus.pValue.toFixed(4)}`}.`}
        </p>
      </div>
      <Differences rows={versus.metrics} head="Measure" former={former} now={version} />
      {slices.length > 0 && (
        <div>
          <h3 className="font-semibold">By slice, what changed most</h3>
          <Differences rows={slices.slice(0, MOST)} head="Slice" former={former} now={version} />
        </div>
      )}
    </section>
  );
}
