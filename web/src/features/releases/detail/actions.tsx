import { CircleSlash, FastForward, Pause, Play, Stamp, Undo2, type LucideIcon } from "lucide-react";
import { useState } from "react";

import { useAct, type Act } from "../queries";

import { ActDialog } from "./act-dialog";

import type { Release } from "@/api/releases";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";

const buttons: { act: Act; Icon: LucideIcon; name: (release: Release) => string }[] = [
  { act: "approve", Icon: Stamp, name: () => "Approve" },
  { act: "resume", Icon: Play, name: () => "Resume" },
  { act: "advance", Icon: FastForward, name: () => "Go on now" },
  { act: "hold", Icon: Pause, name: () => "Hold" },
  { act: "cancel", Icon: CircleSlash, name: () => "Cancel" },
  { act: "rollback", Icon: Undo2, name: ({ former }) => (former === null ? "Roll back" : `Roll back to ${former}`) },
];

/** What can be done to a release as it is; the server says what. */
export function Actions({ of: release }: { of: Release }) {
  const act = useAct(release.id);
  const [asked, setAsked] = useState<Act | null>(null);
  const main = release.actions.includes("approve") ? "approve" : release.actions.includes("resume") ? "resume" : null;
  return (
    <Permitted to="releases:write">
      <div className="flex flex-wrap gap-2">
        {buttons
          .filter(({ act: each }) => release.actions.includes(each) && !(each === "advance" && main === "approve"))
          .map(({ act: each, Icon, name }) => (
            <Button key={each} look={each === main ? "primary" : "outline"} disabled={act.isPending} onClick={() => setAsked(each)}>
              <Icon aria-hidden="true" /> {name(release)}
            </Button>
          ))}
      </div>
      {asked && <ActDialog act={asked} release={release} change={act} onClose={() => setAsked(null)} />}
    </Permitted>
  );
}
