import type { ReactNode } from "react";

import { cn } from "@/lib/cn";

interface Props {
  name: string;
  value: ReactNode;
  note?: ReactNode;
  main?: boolean;
}

/** Figures beside each other; the first is the one that matters. */
export function FigureRow({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-y-6 lg:grid-cols-[1.3fr_1fr_1fr_1fr]">{children}</dl>;
}

export function Figure({ name, value, note, main = false }: Props) {
  return (
    <div className="border-l border-line px-4 max-lg:odd:border-l-0 max-lg:odd:pl-0 lg:px-6 lg:first:border-l-0 lg:first:pl-0">
      <dt className="text-xs font-medium text-quiet">{name}</dt>
      <dd className={cn("mt-1 flex h-9 items-end font-semibold tracking-tight", main ? "text-figure" : "text-title")}>{value}</dd>
      {note && <dd className="mt-1 text-xs text-quiet">{note}</dd>}
    </div>
  );
}
