import { Link } from "@tanstack/react-router";

import { paths } from "@/lib/paths";

const entry =
  "inline-flex h-8 items-center border-b-2 border-transparent px-1 text-quiet hover:text-ink pointer-coarse:h-11 aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink";

/** What is wrong, and who is told of it. */
export function Sections() {
  return (
    <nav aria-label="Alerts" className="mb-6 flex gap-4 border-b border-line">
      <Link to={paths.alerts} activeOptions={{ exact: true, includeSearch: false }} className={entry}>
        Alerts
      </Link>
      <Link to={paths.channels} activeOptions={{ includeSearch: false }} className={entry}>
        Who is told
      </Link>
    </nav>
  );
}
