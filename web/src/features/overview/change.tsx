import { ArrowDown, ArrowUp, Equal } from "lucide-react";

import { cn } from "@/lib/cn";
import { percent } from "@/lib/format";

interface Props {
  /** The difference as a share; null when there is nothing to compare with. */
  by: number | null;
  /** What it was, shown instead of the difference. */
  was?: string;
  against: string;
  /** Whether the change is worth worry. */
  bad?: boolean;
}

/** How a figure moved against the window before. */
export function Change({ by, was, against, bad = false }: Props) {
  if (by === null) return null;
  const same = Math.abs(by) < 0.0005;
  const Icon = same ? Equal : by > 0 ? ArrowUp : ArrowDown;
  const words = same ? "against" : by > 0 ? "up against" : "down against";
  return (
    <span className={cn("inline-flex items-center gap-0.5 text-xs whitespace-nowrap", bad ? "font-medium text-bad" : "text-quiet")}>
      <Icon aria-hidden="true" className="size-3.5" />
      {moved(by, same, was)}
      <span className="sr-only">
        {" "}
        {words} {against}
      </span>
    </span>
  );
}

function moved(by: number, same: boolean, was: string | undefined): string {
  if (same) return "unchanged";
  return was ? `from ${was}` : percent(Math.abs(by));
}
