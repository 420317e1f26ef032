import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import type { ClassFigures } from "@/lib/evidence";
import { count, orDash, percentExact, plural } from "@/lib/format";

/** Shown until one asks for all. */
const FEW = 8;

/** How good each label is, the weakest first: that is where examples are missing. */
export function PerClass({ classes }: { classes: readonly ClassFigures[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? classes : classes.slice(0, FEW);
  return (
    <div className="min-w-0">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of each label">
        <Table>
          <thead>
            <tr>
              <Head>Label</Head>
              <Head numeric>F1</Head>
              <Head numeric className="max-sm:hidden">
                Precision
              </Head>
              <Head numeric>Recall</Head>
              <Head numeric>Tested on</Head>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ label, f1, precision, recall, support }) => (
              <Row key={label}>
                <Cell className="max-w-48 truncate" title={label}>
                  {label}
                </Cell>
                <Cell numeric>
                  <Bar share={f1} />
                </Cell>
                <Cell numeric className="max-sm:hidden">
                  {orDash(precision, percentExact)}
                </Cell>
                <Cell numeric>{orDash(recall, percentExact)}</Cell>
                <Cell numeric>{orDash(support, count)}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      </div>
      {classes.length > FEW && (
        <Button look="quiet" className="mt-1 -ml-3" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show the ${FEW} weakest` : `Show all ${plural(classes.length, "label")}`}
        </Button>
      )}
    </div>
  );
}

function Bar({ share }: { share: number | null }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset max-sm:hidden">
        <span className="block h-full bg-mark" style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
      <span className="min-w-12">{orDash(share, percentExact)}</span>
    </span>
  );
}
