import { bases } from "./words";

import type { FitRead } from "@/api/schema.gen";
import { Notice } from "@/components/notice";
import { Progress } from "@/components/ui/progress";
import { When } from "@/components/when";
import { percent } from "@/lib/format";

/** How far a fit is, or why it failed; one that is done shows in the versions. */
export function FitStatus({ fit }: { fit: FitRead }) {
  if (fit.state === "running") return <Running fit={fit} />;
  return fit.state === "failed" ? <Failed fit={fit} /> : null;
}

function Running({ fit: { stage, progress, basis, startedAt } }: { fit: FitRead }) {
  return (
    <Notice tone="info" title={`Learning from ${bases[basis]}`}>
      <p>
        {capital(stage)}, {percent(progress)}. Begun <When at={startedAt} />; what is in force stays.
      </p>
      <Progress label="Learned" done={progress} total={1} className="mt-2 block w-full max-w-96" />
    </Notice>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Failed({ fit: { problem, finishedAt } }: { fit: FitRead }) {
  const few = problem?.code === "INSUFFICIENT_DATA";
  return (
    <Notice tone={few ? "warn" : "bad"} title={few ? "There is too little to learn from" : "The last fit failed"}>
      <p>{problem?.message}</p>
      <Suggestions of={problem?.details?.["suggestions"]} />
      {finishedAt && (
        <p className="mt-1 text-sm text-quiet">
          <When at={finishedAt} />; what is in force stays.
        </p>
      )}
    </Notice>
  );
}

/** What would help, in the server's words. */
function Suggestions({ of: given }: { of: unknown }) {
  if (!Array.isArray(given) || given.length === 0) return null;
  return (
    <ul className="mt-1 list-disc space-y-0.5 pl-5">
      {given.map((each) => (
        <li key={String(each)}>{String(each)}</li>
      ))}
    </ul>
  );
}
