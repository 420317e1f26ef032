import type { ReactNode } from "react";

import { Logo } from "@/components/logo";

interface Props {
  title: string;
  lead: ReactNode;
  children?: ReactNode;
}

/** The frame of every page before the dashboard: one column, one thing to do. */
export function Entrance({ title, lead, children }: Props) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <title>{`${title} · Hone`}</title>
      <div className="w-full max-w-100">
        <Logo className="size-10" />
        <h1 className="mt-6 text-title font-semibold tracking-tight">{title}</h1>
        <p className="mt-1 text-pretty text-quiet">{lead}</p>
        {children}
      </div>
    </main>
  );
}
