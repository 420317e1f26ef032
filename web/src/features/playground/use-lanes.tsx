import { useNavigate } from "@tanstack/react-router";
import { Columns2 } from "lucide-react";
import type { ReactNode } from "react";

import { LaneHead } from "./lane-head";
import type { PlaygroundSearch } from "./routes";
import type { Lanes } from "./use-conversation";

import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** Who answers, kept in the address, and what one chooses them by. */
export function useLanes(names: readonly string[], search: PlaygroundSearch): { lanes: Lanes; head: ReactNode } {
  const navigate = useNavigate();
  const { compare, ...alone } = search;
  const left = search.model ?? names[0] ?? "";
  const other = names.find((name) => name !== left) ?? left;
  const go = (next: PlaygroundSearch) => void navigate({ to: paths.playground, search: next, replace: true });

  const head = (
    <div className="grid items-end gap-4 md:grid-cols-2">
      <LaneHead label="Answered by" value={left} names={names} onChange={(model) => go({ ...search, model })} />
      {compare === undefined ? (
        <Button className="h-9 justify-self-start pointer-coarse:h-11" onClick={() => go({ ...search, compare: other })}>
          <Columns2 aria-hidden="true" /> Compare two
        </Button>
      ) : (
        <LaneHead
          label="Compared with"
          value={compare}
          names={names}
          onChange={(name) => go({ ...search, compare: name })}
          onRemove={() => go(alone)}
        />
      )}
    </div>
  );
  return { lanes: { left, ...(compare !== undefined && { right: compare }) }, head };
}
