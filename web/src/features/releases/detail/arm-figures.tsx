import { FigureCell } from "./figure-cell";

import type { Release, ReleaseArm } from "@/api/releases";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { When } from "@/components/when";
import { category } from "@/lib/category";
import { count, DASH, percent } from "@/lib/format";
import { outcomeName, OUTCOMES } from "@/lib/outcomes";

const names: Record<ReleaseArm["name"], string> = { live: "Live", candidate: "Candidate", shadow: "Shadow" };
const ORDER = Object.keys(OUTCOMES);

/** What either version did, side by side, each with its interval. */
export function ArmFigures({ of: { arms, measuredAt } }: { of: Release }) {
  const metrics = [...new Set(arms.flatMap((arm) => Object.keys(arm.metrics)))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return (
    <section aria-labelledby="arms" className="min-w-0">
      <h2 id="arms" className="text-lg font-semibold">
        Side by side{" "}
        {measuredAt !== null && (
          <span className="text-sm font-normal text-quiet">
            as of <When at={measuredAt} />
          </span>
        )}
      </h2>
      {arms.every(({ operations }) => operations === 0) ? (
        <p className="mt-2 text-quiet">Nothing was measured yet: figures come with the first calls.</p>
      ) : (
        <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each version">
          <Table>
            <thead>
              <tr>
                <Head>Measure</Head>
                {arms.map(({ name, version }) => (
                  <Head key={name} numeric>
                    <span className="inline-flex items-center gap-1.5">
                      <span aria-hidden="true" className="size-2 rounded-sm" style={{ backgroundColor: category(name) }} />
                      {names[name]}
                      {version !== null && ` ${version}`}
                    </span>
                  </Head>
                ))}
              </tr>
            </thead>
            <tbody>
              <Counted what="Share of calls" arms={arms} value={({ share }) => (share === null ? DASH : percent(share))} />
              <Counted what="Calls" arms={arms} value={({ operations }) => count(operations)} />
              {metrics.map((metric) => (
                <Row key={metric}>
                  <Cell title={OUTCOMES[metric]?.help}>{outcomeName(metric)}</Cell>
                  {arms.map(({ name, metrics: { [metric]: found } }) => (
                    <Cell key={name} numeric className="py-1">
                      <FigureCell metric={metric} of={found} />
                    </Cell>
                  ))}
                </Row>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

function Counted({ what, arms, value }: { what: string; arms: readonly ReleaseArm[]; value: (arm: ReleaseArm) => string }) {
  return (
    <Row>
      <Cell>{what}</Cell>
      {arms.map((arm) => (
        <Cell key={arm.name} numeric>
          {value(arm)}
        </Cell>
      ))}
    </Row>
  );
}
