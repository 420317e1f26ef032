import type { ReactNode } from "react";

import { CodeBlock } from "./code-block";

interface Props {
  /** What to do first: "Add the first provider". */
  title: string;
  /** What this is, and why one wants it. */
  children: ReactNode;
  /** One button that does it. */
  action?: ReactNode;
  /** The same from a terminal or a file. */
  snippet?: { title: string; code: string };
}

/** A page before its first thing: it teaches what the page is for. */
export function EmptyState({ title, children, action, snippet }: Props) {
  return (
    <section className="grid max-w-5xl gap-x-12 gap-y-6 py-4 lg:grid-cols-2">
      <div className="max-w-[72ch]">
        <h2 className="text-lg font-semibold">{title}</h2>
        <div className="mt-1 space-y-2 text-pretty text-quiet">{children}</div>
        {action && <div className="mt-4 flex flex-wrap gap-2">{action}</div>}
      </div>
      {snippet && <CodeBlock title={snippet.title} code={snippet.code} />}
    </section>
  );
}
