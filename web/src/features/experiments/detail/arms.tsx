import { Link } from "@tanstack/react-router";

import { colourOf } from "../colours";
import { answersWith, unitName } from "../words";

import type { Experiment, Results } from "@/api/experiments";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, percent } from "@/lib/format";
import { paths } from "@/lib/paths";

/** Each arm: what answers, how many have it, and the calls themselves. */
export function Arms({ experiment, results }: { experiment: Experiment; results: Results }) {
  const total = results.arms.reduce((sum, { units }) => sum + units, 0);
  return (
    <section aria-labelledby="arms">
      <h2 id="arms" className="text-lg font-semibold">
        Arms
      </h2>
      <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each arm">
        <Table>
          <thead>
            <tr>
              <Head>Arm</Head>
              <Head className="max-sm:hidden">Answers with</Head>
              <Head numeric>Planned</Head>
              <Head numeric>Got</Head>
              <Head numeric className="first-letter:uppercase">
                {unitName(experiment.unit)}
              </Head>
              <Head numeric>Calls</Head>
            </tr>
          </thead>
          <tbody>
            {experiment.arms.map((arm, index) => {
              const measured = results.arms.find(({ name }) => name === arm.name);
              return (
                <Row key={arm.name}>
                  <Cell>
                    <span className="inline-flex items-center gap-2 font-medium">
                      <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ backgroundColor: colourOf(index) }} />
                      {arm.name}
                    </span>
                  </Cell>
                  <Cell className="max-w-72 truncate text-quiet max-sm:hidden">{answersWith(arm, experiment.target)}</Cell>
                  <Cell numeric>{percent(arm.share)}</Cell>
                  <Cell numeric>{total === 0 ? "–" : percent((measured?.units ?? 0) / total)}</Cell>
                  <Cell numeric>{count(measured?.units ?? 0)}</Cell>
                  <Cell numeric>
                    <Link to={paths.operations} search={{ split: [experiment.id], arm: [arm.name] }} aria-label={`The calls of ${arm.name}: ${count(measured?.operations ?? 0)}`} className="hit text-accent-ink underline underline-offset-4">
                      {count(measured?.operations ?? 0)}
                    </Link>
                  </Cell>
                </Row>
              );
            })}
          </tbody>
        </Table>
      </div>
    </section>
  );
}
