import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import type { PagePath } from "@/lib/paths";

/** The list that a page belongs to. */
export function Crumbs({ to, children }: { to: PagePath; children: string }) {
  return (
    <p className="flex items-center gap-1 text-sm text-quiet">
      <Link to={to} className="hit rounded-sm hover:text-ink hover:underline">
        {children}
      </Link>
      <ChevronRight aria-hidden="true" className="size-3.5" />
    </p>
  );
}
