import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What the page is about, in a sentence. */
  children?: ReactNode;
  /** The primary action, on the right. */
  action?: ReactNode;
}

/** The head of a page: its name, the answer in a sentence, and what one does here. */
export function PageHead({ title, children, action }: Props) {
  return (
    <header className="mb-6 flex flex-wrap items-start gap-x-4 gap-y-3">
      <title>{`${title} · Hone`}</title>
      <div className="min-w-0 flex-1 basis-60">
        <h1 className="text-title font-semibold tracking-tight">{title}</h1>
        {children && <p className="mt-0.5 max-w-[72ch] text-pretty text-quiet">{children}</p>}
      </div>
      {action}
    </header>
  );
}
