import { advice, details } from "./diagnosis";

import type { Run } from "@/api/learning";
import { Facts } from "@/components/facts";
import { Notice } from "@/components/notice";
import { measure } from "@/lib/measures";

/** Why a run failed, what was kept, and what to do. */
export function Failed({ run }: { run: Run }) {
  if (run.error === null) return null;
  const told = details(run.error);
  return (
    <div>
      <Notice tone="bad" title={run.error.message}>
        <ul className="mt-1 list-disc space-y-1 pl-5">
          {advice(run.error).map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
        <p className="mt-2 text-xs text-quiet">
          Error <code className="font-mono text-ink">{run.error.code}</code>. What served before serves still: nothing was changed.
        </p>
      </Notice>
      {Object.keys(told).length > 0 && (
        <Facts
          facts={Object.fromEntries(
            Object.entries(told).map(([name, value]) => [measure(name), <code key={name} className="block max-h-40 overflow-auto font-mono text-xs break-words whitespace-pre-wrap">{value}</code>]),
          )}
        />
      )}
    </div>
  );
}
