import { useQuery } from "@tanstack/react-query";

import { PATH, previewQuery } from "../queries";
import { rampOf, roughly } from "../words";

import type { ReleaseBody, ReleasePreview } from "@/api/releases";
import { CodeBlock } from "@/components/code-block";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { count } from "@/lib/format";
import { useSettled } from "@/lib/use-settled";

/** What a release will do, in words, as it stands in the form. */
export function PreviewPanel({ body }: { body: ReleaseBody | null }) {
  const asked = useSettled(body === null ? null : JSON.stringify(body));
  const settled = asked === null ? null : (JSON.parse(asked) as ReleaseBody);
  return (
    <aside aria-label="What will happen" className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
      <h2 className="text-lg font-semibold">What will happen</h2>
      {settled === null ? <p className="text-quiet">Choose a version: what its release does, and how long it takes, is told here.</p> : <Told body={settled} />}
      {settled && <CodeBlock title="curl" code={curl(settled)} />}
    </aside>
  );
}

function Told({ body }: { body: ReleaseBody }) {
  const { data, error, isPlaceholderData } = useQuery(previewQuery(body));
  if (error) return <Notice tone="warn" title={error.message} />;
  if (!data) return <Skeleton className="h-48" />;
  return (
    <div role="status" aria-busy={isPlaceholderData}>
      <Takes of={data} />
      <ol className="mt-4 list-decimal space-y-1.5 pl-5 text-sm text-pretty">
        {data.words.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ol>
      {data.warnings.map((each) => (
        <Notice key={each} tone="warn" title={each} className="mt-3" />
      ))}
    </div>
  );
}

function Takes({ of: { expectedSeconds, seconds, unitsPerDay, plan } }: { of: ReleasePreview }) {
  const whole = expectedSeconds ?? seconds;
  const units = plan.unit === "user" ? "people" : "conversations";
  return (
    <>
      <p>
        <span className="text-figure font-semibold tracking-tight">{whole === 0 ? "At once" : roughly(whole)}</span>{" "}
        <span className="text-quiet">{whole === 0 ? "as soon as it is ready" : expectedSeconds === null ? "at the least" : "with today’s traffic"}</span>
      </p>
      <p className="text-sm text-quiet">
        {rampOf(plan.steps)}
        {unitsPerDay === null ? "; there was no call in the last week to reckon with" : `; ${count(Math.round(unitsPerDay))} ${units} a day in the last week`}
      </p>
    </>
  );
}

const curl = (body: ReleaseBody) => `curl ${window.location.origin}${PATH} \\
  -H "Authorization: Bearer $HONE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`;
