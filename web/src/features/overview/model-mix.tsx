import type { ModelShare } from "@/api/schema";
import { ModelName } from "@/components/model-name";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { category } from "@/lib/category";
import { duration, orDash, percent, plural, usd } from "@/lib/format";

/** Which models answered, how much of the traffic each took, and what it cost. */
export function ModelMix({ models }: { models: ModelShare[] }) {
  return (
    <section aria-labelledby="models" className="min-w-0">
      <h2 id="models" className="mb-3 flex h-8 items-center text-base font-semibold">
        Models
      </h2>
      {models.length === 0 ? (
        <p className="text-quiet">No model was called.</p>
      ) : (
        <>
          <ShareBar models={models} />
          <Table className="mt-3">
            <thead>
              <tr>
                <Head>Model</Head>
                <Head numeric>Share</Head>
                <Head numeric>Failed</Head>
                <Head numeric className="max-sm:hidden">
                  p95
                </Head>
                <Head numeric>Cost</Head>
              </tr>
            </thead>
            <tbody>
              {models.map((model) => (
                <Row key={model.model}>
                  <Cell className="w-full max-w-0">
                    <ModelName name={model.model} />
                  </Cell>
                  <Cell numeric title={plural(model.requests, "request")}>
                    {percent(model.share)}
                  </Cell>
                  <Cell numeric>{model.requests > 0 ? percent(model.errors / model.requests) : "–"}</Cell>
                  <Cell numeric className="max-sm:hidden">
                    {orDash(model.p95Ms, duration)}
                  </Cell>
                  <Cell numeric>{usd(model.costUsd)}</Cell>
                </Row>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </section>
  );
}

function ShareBar({ models }: { models: ModelShare[] }) {
  return (
    <div aria-hidden="true" className="flex h-3 gap-0.5 overflow-hidden rounded-sm">
      {models.map(({ model, share }) => (
        <span key={model} className="h-full min-w-0.5" style={{ flexGrow: share, backgroundColor: category(model) }} />
      ))}
    </div>
  );
}
