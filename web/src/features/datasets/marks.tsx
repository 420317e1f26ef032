import { CircleCheck, CircleDashed, CircleSlash } from "lucide-react";

import type { Status } from "./shapes";
import { statuses } from "./words";

import { percent } from "@/lib/format";

const looks = {
  pending: { Icon: CircleDashed, tint: "text-warn" },
  validated: { Icon: CircleCheck, tint: "text-good" },
  rejected: { Icon: CircleSlash, tint: "text-quiet" },
};

/** Whether an example is fit to learn from: icon and word. */
export function StatusMark({ of: status, brief = false }: { of: Status; brief?: boolean }) {
  const { Icon, tint } = looks[status];
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} /> <span className={brief ? "max-md:sr-only" : undefined}>{statuses[status]}</span>
    </span>
  );
}

/** A share as a bar, with its figure beside it. */
export function Meter({ share, className = "w-16" }: { share: number; className?: string }) {
  return (
    <span aria-hidden="true" className={`block h-2 overflow-hidden rounded-sm bg-sunken ring-1 ring-edge ring-inset ${className}`}>
      <span className="block h-full bg-mark" style={{ width: percent(Math.min(1, share)).replace("\u202f", "") }} />
    </span>
  );
}
