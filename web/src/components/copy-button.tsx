import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

import { cn } from "@/lib/cn";

interface Props {
  text: string;
  /** What is copied, for those who do not see it: "operation id", "curl command". */
  what: string;
  /** Show the word beside the icon. */
  labelled?: boolean;
  className?: string;
}

/** Copies a text and says that it did. */
export function CopyButton({ text, what, labelled = false, className }: Props) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    await writeText(text);
    setCopied(true);
  }

  return (
    <button
      type="button"
      title={`Copy ${what}`}
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      onClick={() => void copy()}
      className={cn(
        "hit inline-flex h-6 min-w-6 items-center justify-center gap-1 rounded-sm text-xs text-quiet transition-colors hover:bg-sunken hover:text-ink",
        labelled && "px-2",
        className,
      )}
    >
      {copied ? <Check className="size-3.5 text-good" /> : <Copy className="size-3.5" />}
      {labelled && (copied ? "Copied" : "Copy")}
    </button>
  );
}

/** The clipboard API exists on https and localhost only; a server in the house is often plain http. */
async function writeText(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
  document.execCommand("copy");
  area.remove();
}
