import { ArrowDown, ArrowUp, Equal } from "lucide-react";

import { percent } from "@/lib/format";

/** Beyond this a share says no more than "many times". */
const MANY_TIMES = 10;

/** How a figure moved against the period before; nothing where there is nothing to compare with. */
export function Moved({ by }: { by: number | null }) {
  if (by === null) return null;
  const same = Math.abs(by) < 0.0005;
  const Icon = same ? Equal : by > 0 ? ArrowUp : ArrowDown;
  return (
    <span className="inline-flex items-center gap-0.5 align-middle text-xs whitespace-nowrap text-quiet">
      <Icon aria-hidden="true" className="size-3.5" />
      {same ? "unchanged" : by > MANY_TIMES ? `${Math.round(by + 1)} times` : percent(Math.abs(by))}
      <span className="sr-only"> {same ? "against" : by > 0 ? "up against" : "down against"} the time before</span>
    </span>
  );
}
