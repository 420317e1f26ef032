import { CircleCheck, CircleX, Equal, Hourglass, type LucideIcon } from "lucide-react";

import { judged, rowsOf, type Judged, type RowOf } from "../compared";
import { roles } from "../words";

import type { Experiment, Results } from "@/api/experiments";
import { Whisker } from "@/components/evidence/whisker";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { DASH, orDash, percent } from "@/lib/format";
import { outcomeChange, outcomeInterval, OUTCOMES, outcomeName, outcomeValue } from "@/lib/outcomes";

const looks: Record<Judged, { Icon: LucideIcon; tint: string; words: string }> = {
  better: { Icon: CircleCheck, tint: "text-good", words: "better" },
  worse: { Icon: CircleX, tint: "text-bad", words: "worse" },
  harm: { Icon: CircleX, tint: "text-bad", words: "harm" },
  same: { Icon: Equal, tint: "text-quiet", words: "may be chance" },
  harmless: { Icon: CircleCheck, tint: "text-good", words: "no harm seen" },
  early: { Icon: Hourglass, tint: "text-quiet", words: "too early" },
};

/** Every measure of every arm against what answers today: how much, how sure, and what that means. */
export function Comparisons({ experiment, results }: { experiment: Experiment; results: Results }) {
  const several = experiment.arms.length > 2;
  const rows = rowsOf(experiment, results);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="measures">
      <h2 id="measures" className="text-lg font-semibold">
        What was measured
      </h2>
      <p className="max-w-[72ch] text-sm text-pretty text-quiet">A line that stays clear of the middle is more than chance; its length is how much is not known yet. Left is less than today, right is more.</p>
      <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Each measure">
        <Table>
          <thead>
            <tr>
              <Head>Measure</Head>
              {several && <Head>Arm</Head>}
              <Head numeric className="max-md:hidden">
                Today
              </Head>
              <Head numeric className="max-md:hidden">
                With it
              </Head>
              <Head numeric>Difference</Head>
              <Head className="w-32 max-sm:hidden sm:w-56">
                <span className="sr-only">Interval</span>
              </Head>
              <Head className="max-sm:hidden">So it is</Head>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line key={`${row.arm} ${row.metric}`} of={row} several={several} />
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}

/** What stands behind the word, for who wants it. */
const told = ({ words, cuped: { used, varianceReduction } }: RowOf): string =>
  used ? `${words} What people did before it took ${percent(varianceReduction)} of the noise away.` : words;

function Line({ of: row, several }: { of: RowOf; several: boolean }) {
  const { metric, role, arm, control, mean, difference, low, high, reach } = row;
  const { Icon, tint, words: said } = looks[judged(row)];
  const interval = low === null || high === null ? null : outcomeInterval(metric, low, high);
  return (
    <Row>
      <Cell className="py-1.5" title={OUTCOMES[metric]?.help}>
        <span className="font-medium">{outcomeName(metric)}</span>
        <span className="block text-xs text-quiet">
          {roles[role]}
          <span className="sm:hidden">: {said}</span>
        </span>
      </Cell>
      {several && <Cell>{arm}</Cell>}
      <Cell numeric className="max-md:hidden">
        {orDash(control, (value) => outcomeValue(metric, value))}
      </Cell>
      <Cell numeric className="max-md:hidden">
        {orDash(mean, (value) => outcomeValue(metric, value))}
      </Cell>
      <Cell numeric className="py-1.5">
        {difference === null ? DASH : outcomeChange(metric, difference)}
        {interval && <span className="block text-xs text-quiet">{interval}</span>}
      </Cell>
      <Cell className="max-sm:hidden">{difference !== null && <Whisker {...{ difference, low, high, reach, better: row.direction, words: interval ?? "no interval" }} />}</Cell>
      <Cell className="max-sm:hidden" title={told(row)}>
        <span className="inline-flex items-center gap-1.5">
          <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> {said}
        </span>
      </Cell>
    </Row>
  );
}
