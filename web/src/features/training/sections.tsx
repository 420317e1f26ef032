import { Link } from "@tanstack/react-router";

import { paths } from "@/lib/paths";

const entry =
  "inline-flex h-8 items-center border-b-2 border-transparent px-1 text-quiet hover:text-ink pointer-coarse:h-11 aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink";

/** The lists of the page: what was started, what starts by itself, and what came in as tuning jobs. */
export function Sections() {
  return (
    <nav aria-label="Training" className="mb-6 flex gap-4 border-b border-line">
      <Link to={paths.training} activeOptions={{ exact: true, includeSearch: false }} className={entry}>
        Runs
      </Link>
      <Link to={paths.schedules} activeOptions={{ includeSearch: false }} className={entry}>
        Schedules
      </Link>
      <Link to={paths.tuning} className={entry}>
        Tuning jobs
      </Link>
    </nav>
  );
}
