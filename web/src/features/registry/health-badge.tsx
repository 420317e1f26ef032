import { CircleAlert, CircleCheck, CircleDashed, CircleDot, TriangleAlert, type LucideIcon } from "lucide-react";

import type { Circuit, ProviderHealth } from "./health";
import { stateWords, statusWords } from "./health-words";

import { cn } from "@/lib/cn";

interface Look {
  Icon: LucideIcon;
  look: string;
}

const good = { Icon: CircleCheck, look: "text-good" };
const warn = { Icon: TriangleAlert, look: "text-warn" };
const bad = { Icon: CircleAlert, look: "text-bad" };
const none = { Icon: CircleDashed, look: "text-quiet" };

const statuses: Record<ProviderHealth["status"], Look> = { healthy: good, degraded: warn, unhealthy: bad, idle: none };
const states: Record<Circuit["state"], Look> = { closed: good, half_open: { Icon: CircleDot, look: "text-warn" }, open: bad, unknown: none };

function Badge({ Icon, look, children }: Look & { children: string }) {
  return (
    <span className={cn("inline-flex items-center gap-1.5", look)}>
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {children}
    </span>
  );
}

export const StatusBadge = ({ status }: { status: ProviderHealth["status"] }) => <Badge {...statuses[status]}>{statusWords[status]}</Badge>;

export function StateBadge({ circuit: { state, openIn, processes } }: { circuit: Circuit }) {
  const some = state === "open" && openIn < processes;
  return <Badge {...states[state]}>{some ? `Open in ${openIn} of ${processes}` : stateWords[state]}</Badge>;
}
