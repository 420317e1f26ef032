import type { ReactNode } from "react";

import { Crumbs } from "@/components/crumbs";
import type { PagePath } from "@/lib/paths";

interface Props {
  title: string;
  list: { to: PagePath; name: string };
  /** Why there is nothing to show. */
  children: ReactNode;
}

/** A page whose thing could not be read: the way back stays. */
export function Unread({ title, list, children }: Props) {
  return (
    <div className="space-y-6">
      <header>
        <Crumbs to={list.to}>{list.name}</Crumbs>
        <h1 className="text-title font-semibold tracking-tight">{title}</h1>
      </header>
      {children}
    </div>
  );
}
