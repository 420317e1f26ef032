import type { Experiment, Results, Segment } from "@/api/experiments";
import { Whisker } from "@/components/evidence/whisker";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, DASH } from "@/lib/format";
import { outcomeChange, outcomeInterval, outcomeName } from "@/lib/outcomes";

/** Who was there before the experiment, and who came with it. */
const PARTS: Record<string, string> = { new: "New ones", returning: "Those who were there before" };

/** For whom it is better: a hint to be looked into, and no proof. */
export function Segments({ experiment, results: { segments } }: { experiment: Experiment; results: Results }) {
  if (segments.length === 0) return null;
  const several = experiment.arms.length > 2;
  const reach = Math.max(...segments.flatMap(({ low, high, difference }) => [low ?? difference ?? 0, high ?? difference ?? 0].map(Math.abs))) * 1.05 || 1;
  return (
    <section aria-labelledby="segments">
      <h2 id="segments" className="text-lg font-semibold">
        For whom
      </h2>
      <p className="max-w-[72ch] text-sm text-pretty text-quiet">Among many parts some always look different by chance. Only what is marked stands out even so, and is worth an experiment of its own.</p>
      <div className="mt-2 max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Differences by part">
        <Table>
          <thead>
            <tr>
              <Head>Part</Head>
              {several && <Head>Arm</Head>}
              <Head>Measure</Head>
              <Head numeric className="max-sm:hidden">
                Took part
              </Head>
              <Head numeric>Difference</Head>
              <Head className="w-44 max-sm:hidden">
                <span className="sr-only">Interval</span>
              </Head>
              <Head>Stands out</Head>
            </tr>
          </thead>
          <tbody>
            {segments.map((segment) => (
              <Line key={`${segment.by} ${segment.value} ${segment.arm} ${segment.metric}`} of={segment} several={several} reach={reach} better={experiment.metrics.find(({ key }) => key === segment.metric)?.direction ?? "up"} />
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}

function Line({ of: { by, value, arm, metric, n, difference, low, high, significant }, several, reach, better }: { of: Segment; several: boolean; reach: number; better: "up" | "down" }) {
  return (
    <Row>
      <Cell className="max-w-56 truncate">
        {by === "key" ? (
          <>
            <span className="text-quiet">key</span> {value}
          </>
        ) : (
          (PARTS[value] ?? value)
        )}
      </Cell>
      {several && <Cell>{arm}</Cell>}
      <Cell>{outcomeName(metric)}</Cell>
      <Cell numeric className="max-sm:hidden">
        {count(n)}
      </Cell>
      <Cell numeric>{difference === null ? DASH : outcomeChange(metric, difference)}</Cell>
      <Cell className="max-sm:hidden">{difference !== null && <Whisker {...{ difference, low, high, reach, better }} words={low === null || high === null ? "no interval" : outcomeInterval(metric, low, high)} />}</Cell>
      <Cell>{significant ? <span className="font-medium">yes</span> : <span className="text-quiet">no</span>}</Cell>
    </Row>
  );
}
