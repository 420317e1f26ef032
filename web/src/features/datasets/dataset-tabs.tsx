import { Link } from "@tanstack/react-router";

import type { DatasetRead } from "./shapes";

import { count } from "@/lib/format";
import { paths } from "@/lib/paths";
import { useStrip } from "@/lib/use-strip";

/** The parts of a dataset, with what waits in each. */
export function DatasetTabs({ dataset: { id, kind, pending, findings } }: { dataset: DatasetRead }) {
  const strip = useStrip();
  const tabs = [
    { to: paths.dataset, title: "Examples", exact: true },
    { to: paths.datasetReview, title: "Review", waits: pending },
    { to: paths.datasetFindings, title: "Findings", waits: findings },
    { to: paths.datasetStatistics, title: "Statistics" },
    { to: paths.datasetVersions, title: "Versions" },
    ...(kind === "response" ? [{ to: paths.datasetKnowledge, title: "Knowledge" } as const] : []),
  ] as const;
  return (
    <nav
      ref={strip}
      aria-label="Parts of the dataset"
      className="mb-4 scroll-px-12 overflow-x-auto border-b border-line data-more-after:mask-r-from-[calc(100%-3rem)] data-more-before:mask-l-from-[calc(100%-3rem)]"
    >
      <ul className="flex gap-1">
        {tabs.map(({ to, title, ...tab }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ datasetId: id }}
              activeOptions={{ exact: "exact" in tab, includeSearch: false }}
              className="flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2.5 whitespace-nowrap text-quiet -outline-offset-2 hover:text-ink pointer-coarse:h-11 aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-accent-ink"
            >
              {title}
              {"waits" in tab && tab.waits > 0 && <span className="rounded-sm bg-sunken px-1.5 text-xs font-medium text-ink">{count(tab.waits)}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
