import { GitCompareArrows, RotateCcw } from "lucide-react";

import type { VersionRead } from "@/api/schema.gen";
import { Button } from "@/components/ui/button";
import { age, fullTime } from "@/lib/time";
import { useNow } from "@/lib/use-now";

const reasons: Record<VersionRead["reason"], string> = {
  created: "Added",
  updated: "Changed",
  undone: "Undone",
  restored: "Restored",
  deleted: "Deleted",
  found: "There before versions were kept",
};

/** `Changed fallbacks, deadlines`. */
function summary({ reason, restored, changes }: VersionRead): string {
  if (restored !== null) return `${reasons[reason]}: again what version ${restored} was`;
  const fields = changes.map(({ field }) => field).join(", ");
  return reason === "updated" && fields !== "" ? `Changed ${fields}` : reasons[reason];
}

interface Props {
  versions: readonly VersionRead[];
  onRestore?: (version: VersionRead) => void;
  onCompare: (version: VersionRead) => void;
}

/** Every version, newest first. */
export function VersionList({ versions, onRestore, onCompare }: Props) {
  const now = useNow(10_000);
  return (
    <ol aria-label="Versions, newest first" className="min-w-0 border-b border-line">
      {versions.map((version) => (
        <li key={version.version} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3">
          <div className="min-w-0 flex-1 basis-64">
            <p className="font-medium">
              Version {version.version}
              {version.present && version.reason !== "deleted" && (
                <span className="ml-2 rounded-sm bg-accent-soft px-1.5 py-0.5 text-xs text-accent-ink">counts now</span>
              )}
            </p>
            <p className="text-sm break-words">{summary(version)}</p>
            <p className="text-xs text-quiet">
              {version.by && `${version.by.name ?? version.by.id}, `}
              <time dateTime={version.at} title={fullTime(version.at)}>
                {age(now - Date.parse(version.at))}
              </time>
            </p>
          </div>
          {!version.present && (
            <Button look="quiet" onClick={() => onCompare(version)} aria-label={`Compare version ${version.version} with the newest`}>
              <GitCompareArrows aria-hidden="true" /> Compare
            </Button>
          )}
          {onRestore && (!version.present || version.reason === "deleted") && (
            <Button onClick={() => onRestore(version)} aria-label={`Restore version ${version.version}`}>
              <RotateCcw aria-hidden="true" /> Restore
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
