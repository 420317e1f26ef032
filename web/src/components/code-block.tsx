import { CopyButton } from "./copy-button";

import { cn } from "@/lib/cn";

interface Props {
  /** What it is: "curl", "Python". */
  title: string;
  code: string;
}

/** Something to copy. A single line, such as an address, is wrapped to be seen whole; code of more lines scrolls sideways. */
export function CodeBlock({ title, code }: Props) {
  const single = !code.trim().includes("\n");
  return (
    <figure className="min-w-0 rounded-md border border-line bg-surface">
      <figcaption className="flex items-center justify-between border-b border-line py-1.5 pr-1.5 pl-3 text-xs font-medium text-quiet">
        {title}
        <CopyButton text={code} what={`the ${title} snippet`} labelled />
      </figcaption>
      <pre
        className={cn("p-3 font-mono text-xs leading-5", single ? "wrap-anywhere whitespace-pre-wrap" : "overflow-x-auto")}
        // Scrolls sideways, so a keyboard must reach it.
        tabIndex={single ? undefined : 0}
        role="region"
        aria-label={`${title} snippet`}
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
