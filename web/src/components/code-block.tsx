import { CopyButton } from "./copy-button";

interface Props {
  /** What it is: "curl", "Python". */
  title: string;
  code: string;
}

export function CodeBlock({ title, code }: Props) {
  return (
    <figure className="min-w-0 rounded-md border border-line bg-surface">
      <figcaption className="flex items-center justify-between border-b border-line py-1.5 pr-1.5 pl-3 text-xs font-medium text-quiet">
        {title}
        <CopyButton text={code} what={`the ${title} snippet`} labelled />
      </figcaption>
      <pre
        className="overflow-x-auto p-3 font-mono text-xs leading-5"
        // Scrolls sideways, so a keyboard must reach it.
        tabIndex={0}
        role="region"
        aria-label={`${title} snippet`}
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
