import { TriangleAlert } from "lucide-react";

import { bases, factors } from "./words";

import type { CoveredModel, RoutingModelRead } from "@/api/schema.gen";
import { Facts } from "@/components/facts";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count, orDash, percent, plural } from "@/lib/format";

/** What a routing model is worth, and what it may not be trusted on. */
export function EvidenceFacts({ of: model }: { of: RoutingModelRead }) {
  const { evidence, basis } = model;
  const { traffic } = evidence;
  return (
    <div className="grid gap-x-12 gap-y-6 lg:grid-cols-2">
      <div className="min-w-0">
        <Facts
          facts={{
            "Measured at": factors(evidence),
            "Learned from": `${plural(evidence.prompts, "prompt")}: ${bases[basis]}`,
            APGR: evidence.apgr === null ? null : `${evidence.apgr.toFixed(3)}, where 0.5 is chance and 1 is perfect`,
            Traffic: traffic && `${percent(traffic.familiar)} of the latest ${plural(traffic.prompts, "prompt")} are like it, ${percent(traffic.strange)} unlike all of it`,
            File: <code className="font-mono text-xs break-all">{model.digest.slice(0, 16)}</code>,
          }}
        />
      </div>
      <div className="mt-4 min-w-0">
        <Reach of={model} />
      </div>
    </div>
  );
}

/** The models that it knows, and what speaks against it. */
export function Reach({ of: { evidence, doubts } }: { of: RoutingModelRead }) {
  return (
    <div className="space-y-4">
      <Covered models={evidence.models} />
      <Doubts of={doubts} />
    </div>
  );
}

function Covered({ models }: { models: readonly CoveredModel[] }) {
  return (
    <Table>
      <caption className="sr-only">Models that it knows</caption>
      <thead>
        <tr>
          <Head>Model</Head>
          <Head numeric>Outcomes</Head>
          <Head numeric>Good</Head>
          <Head numeric>
            Off<span className="max-sm:sr-only"> by</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {models.map(({ model, outcomes, mean, calibrationError }, place) => (
          <Row key={model ?? place}>
            <Cell className="max-w-40 truncate">{model ?? "deleted"}</Cell>
            <Cell numeric>{count(outcomes)}</Cell>
            <Cell numeric>{percent(mean)}</Cell>
            <Cell numeric>{orDash(calibrationError, percent)}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function Doubts({ of: doubts }: { of: readonly string[] }) {
  if (doubts.length === 0) return null;
  return (
    <div>
      <h3 className="flex items-center gap-1.5 font-medium">
        <TriangleAlert aria-hidden="true" className="size-4 text-warn" /> What it may not be trusted on
      </h3>
      <ul className="mt-1 list-disc space-y-1 pl-5 text-pretty text-quiet">
        {doubts.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}
