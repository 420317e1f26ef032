import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";

import { ShareBar, Swatch } from "./share-bar";

import type { Finding, RoutePreview } from "@/api/schema.gen";
import { Skeleton } from "@/components/ui/skeleton";
import { percent } from "@/lib/format";

interface Props {
  preview: RoutePreview | undefined;
  /** Why there is no preview yet, in words. */
  missing: string | null;
}

/** What saving would do, told by the server as one edits. */
export function PreviewPanel({ preview, missing }: Props) {
  return (
    <section aria-label="What saving would do" className="space-y-4 rounded-md border border-line bg-surface p-4">
      <h2 className="font-semibold">After saving</h2>
      {missing !== null ? (
        <p className="text-quiet">{missing}</p>
      ) : preview ? (
        <Told preview={preview} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </section>
  );
}

function Told({ preview }: { preview: RoutePreview }) {
  const { shares, problems, warnings } = preview;
  const targets = shares.filter(({ percent: part }) => part !== 0);
  const fixed = targets.flatMap(({ model, percent: part }) => (part === null ? [] : [{ model, share: part / 100 }]));
  const reserves = shares.filter(({ percent: part }) => part === 0);
  return (
    <>
      {fixed.length > 0 && <ShareBar parts={fixed} />}
      <ul className="space-y-1 text-sm">
        {targets.map(({ model, provider, percent: part }) => (
          <li key={model} className="flex items-baseline gap-2">
            <Swatch model={model} />
            <span className="min-w-0 flex-1 truncate" title={`${model} at ${provider}`}>
              {model} <span className="text-quiet">at {provider}</span>
            </span>
            <span>{part === null ? <span className="text-quiet">as calls come</span> : percent(part / 100)}</span>
          </li>
        ))}
        {reserves.map(({ model, provider }) => (
          <li key={model} className="flex items-baseline gap-2 text-quiet">
            <Swatch model={model} />
            <span className="min-w-0 flex-1 truncate" title={`${model} at ${provider}`}>
              {model} at {provider}
            </span>
            <span>fallback</span>
          </li>
        ))}
      </ul>
      <div aria-live="polite">
        <Findings problems={problems} warnings={warnings} />
      </div>
    </>
  );
}

/** What would be refused, and what one should know. */
export function Findings({ problems, warnings }: { problems: readonly Finding[]; warnings: readonly Finding[] }) {
  if (problems.length + warnings.length === 0) {
    return (
      <p className="flex gap-2 text-sm text-good">
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0" /> Nothing to warn of.
      </p>
    );
  }
  return (
    <ul className="space-y-2 text-sm">
      {problems.map(({ code, message }) => (
        <li key={code + message} className="flex gap-2 text-bad">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span>{message}</span>
        </li>
      ))}
      {warnings.map(({ code, message }) => (
        <li key={code + message} className="flex gap-2 text-warn">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}
