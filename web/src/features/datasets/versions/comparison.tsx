import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";

import { Label } from "../content";
import { useDataset } from "../dataset-context";
import { comparedQuery } from "../queries";
import type { ComparedExample, ComparedRead, Output, VersionRead } from "../shapes";
import { inputText, outputText } from "../words";

import { comparedWords, shifts } from "./compared";

import { Failure } from "@/components/failure";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { count } from "@/lib/format";

interface Props {
  versions: readonly VersionRead[];
  from: number;
  to: number;
  onChoose: (change: { from?: number; to?: number }) => void;
}

/** What one version holds that another does not. */
export function Comparison({ versions, from, to, onChoose }: Props) {
  const { id } = useDataset();
  const { data, error, refetch } = useQuery(comparedQuery(id, from, to));
  const options = versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` }));
  return (
    <section aria-label="Comparison" className="mt-10 space-y-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-4 text-lg font-semibold">Compare</h2>
        <Select className="w-40" aria-label="Compare version" value={String(from)} options={options} onChange={(value) => onChoose({ from: Number(value) })} />
        <span className="text-quiet">with</span>
        <Select className="w-40" aria-label="With version" value={String(to)} options={options} onChange={(value) => onChoose({ to: Number(value) })} />
      </div>
      {error && <Failure title="The versions could not be compared" error={error} onRetry={() => void refetch()} />}
      {data ? <Compared of={data} /> : !error && <Skeleton className="h-40" />}
    </section>
  );
}

function Compared({ of: compared }: { of: ComparedRead }) {
  const { added = [], removed = [], relabelled = [] } = compared.examples;
  return (
    <>
      <p className="max-w-[72ch] text-pretty">{comparedWords(compared)}</p>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <Changes title="Added" all={compared.added} examples={added} Sign={Plus} look="text-good" />
        <Changes title="Removed" all={compared.removed} examples={removed} Sign={Minus} look="text-bad" />
        <Changes title="Relabelled" all={compared.relabelled} examples={relabelled} Sign={ArrowRight} look="text-warn" />
        <Shifts of={compared} />
      </div>
    </>
  );
}

interface ChangesProps {
  title: string;
  all: number;
  examples: readonly ComparedExample[];
  Sign: typeof Plus;
  look: string;
}

function Changes({ title, all, examples, Sign, look }: ChangesProps) {
  if (all === 0) return null;
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="font-semibold">
        {count(all)} {title.toLowerCase()}
        {examples.length < all && <span className="font-normal text-quiet">, the first {count(examples.length)}</span>}
      </h3>
      <ul className="mt-1 max-h-96 overflow-y-auto" tabIndex={0} aria-label={`${title} examples`}>
        {examples.map(({ input, before, after }, index) => (
          <li key={index} className="flex gap-2 border-t border-line py-2">
            <Sign aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${look}`} />
            <span className="min-w-0 flex-1">
              <span className="line-clamp-2 wrap-anywhere">{inputText(input)}</span>
              <span className="text-sm text-quiet">
                <Output of={before} then={after} input={inputText(input)} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Output({ of: before, then: after, input }: { of: Output; then: Output; input: string }): ReactNode {
  const [was, is] = [outputText(before, input), outputText(after, input)];
  if (was === "" || is === "" || was === is) return is || was;
  return (
    <>
      {was} <ArrowRight aria-label="becomes" className="inline size-3.5" /> <strong className="font-medium text-ink">{is}</strong>
    </>
  );
}

function Shifts({ of: compared }: { of: ComparedRead }) {
  const shifted = shifts(compared);
  if (shifted.length === 0) return null;
  return (
    <section aria-label="Labels" className="min-w-0">
      <h3 className="font-semibold">Labels</h3>
      <div className="max-h-96 overflow-y-auto" tabIndex={0} role="region" aria-label="Labels whose number changed">
        <Table className="mt-1">
          <thead>
            <tr>
              <Head>Label</Head>
              <Head numeric>Version {compared.a}</Head>
              <Head numeric>Version {compared.b}</Head>
              <Head numeric>Change</Head>
            </tr>
          </thead>
          <tbody>
            {shifted.map(({ label, before, after, change }) => (
              <Row key={label}>
                <Cell className="max-w-0 w-full truncate">
                  <Label name={label} />
                </Cell>
                <Cell numeric>{count(before)}</Cell>
                <Cell numeric>{count(after)}</Cell>
                <Cell numeric className="font-medium">
                  {change}
                </Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}
