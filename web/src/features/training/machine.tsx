import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { resourcesQuery } from "./queries";

import type { Resources } from "@/api/learning";
import { usePolling } from "@/api/live";
import { bytes, count, plural } from "@/lib/format";
import { paths } from "@/lib/paths";

/** What there is to train on, what is taken of it, and who waits for it and why. */
export function Machine() {
  const { data } = useQuery({ ...resourcesQuery, refetchInterval: usePolling() });
  if (!data) return null;
  return (
    <div className="mb-6 grid gap-x-12 gap-y-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Used of={data} />
      <Queue of={data} />
    </div>
  );
}

function Used({ of: { machines, cpu, memory, gpu, others } }: { of: Resources }) {
  return (
    <section aria-labelledby="machine">
      <h2 id="machine" className="text-base font-semibold">
        {machines > 1 ? plural(machines, "machine") : "The machine"}
      </h2>
      <dl className="mt-2 text-sm">
        <Meter name="Cores" used={cpu.used} total={cpu.total} words={`${count(cpu.used)} of ${count(cpu.total)}`} />
        <Meter name="Memory" used={memory.used} total={memory.total} words={`${bytes(memory.used)} of ${bytes(memory.total)}`} />
        {gpu.total > 0 ? (
          <Meter name="GPUs" used={gpu.used} total={gpu.total} words={`${count(gpu.used)} of ${count(gpu.total)}`} />
        ) : (
          <div className="flex h-8 items-center gap-3 border-t border-line">
            <dt className="w-16 text-quiet">GPUs</dt>
            <dd className="text-quiet">none here</dd>
          </div>
        )}
      </dl>
      {others > 0 && <p className="border-t border-line pt-2 text-xs text-quiet">{plural(others, "run")} of other organizations {others === 1 ? "is" : "are"} at work here, too.</p>}
    </section>
  );
}

function Meter({ name, used, total, words }: { name: string; used: number; total: number; words: string }) {
  return (
    <div className="flex h-8 items-center gap-3 border-t border-line">
      <dt className="w-16 shrink-0 text-quiet">{name}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-3">
        <span aria-hidden="true" className="h-1.5 w-24 shrink-0 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset">
          <span className="block h-full bg-mark" style={{ width: `${Math.min(100, (used / Math.max(total, 1e-9)) * 100)}%` }} />
        </span>
        <span className="whitespace-nowrap">{words}</span>
      </dd>
    </div>
  );
}

/** Who waits, in the order in which they begin. */
function Queue({ of: { waiting } }: { of: Resources }) {
  return (
    <section aria-labelledby="queue" className="min-w-0">
      <h2 id="queue" className="text-base font-semibold">
        The queue
      </h2>
      {waiting.length === 0 ? (
        <p className="mt-2 text-quiet">Nothing waits: what you start now begins at once.</p>
      ) : (
        <ol aria-label={`${plural(waiting.length, "run")} in the queue`} tabIndex={0} className="mt-2 max-h-40 overflow-y-auto text-sm">
          {waiting.map(({ id, model, whyWaiting, position, priority }, index) => (
            <li key={id} className="flex min-h-8 items-baseline gap-3 border-t border-line py-1.5">
              <span className="w-6 shrink-0 text-right text-quiet">{position ?? index + 1}</span>
              <Link to={paths.run} params={{ runId: id }} className="hit shrink-0 font-medium text-accent-ink underline underline-offset-4">
                {model}
              </Link>
              {priority !== "normal" && <span className="shrink-0 text-xs text-quiet">{priority}</span>}
              <span className="min-w-0 text-quiet">{whyWaiting ?? "Next in line."}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
