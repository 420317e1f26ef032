import { Undo2 } from "lucide-react";
import { useState } from "react";

import { EvidenceFacts } from "./evidence-facts";
import { useRetire, useUndo } from "./queries";

import type { RoutingModelRead } from "@/api/schema.gen";
import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";

interface Props {
  active: RoutingModelRead | null;
  models: readonly RoutingModelRead[];
}

/** The routing model that calls use, with its evidence, and the way back. */
export function InForce({ active, models }: Props) {
  const [asking, setAsking] = useState<"undo" | "retire" | null>(null);
  if (active === null) return null;
  const former = models.find(({ id }) => id === active.former);
  const close = () => setAsking(null);
  return (
    <section aria-labelledby="in-force">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h2 id="in-force" className="text-lg font-semibold">
            Version {active.version} is in force
          </h2>
          {active.activatedAt && (
            <p className="text-quiet">
              since <When at={active.activatedAt} />
            </p>
          )}
        </div>
        <Permitted to="routes:write">
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setAsking("undo")}>
              <Undo2 aria-hidden="true" /> {former ? `Back to version ${former.version}` : "Back to your numbers"}
            </Button>
            {former && <Button onClick={() => setAsking("retire")}>Retire</Button>}
          </div>
        </Permitted>
      </div>
      <EvidenceFacts of={active} />
      {asking === "undo" && <Undoing active={active} former={former} onClose={close} />}
      {asking === "retire" && <Retiring active={active} onClose={close} />}
    </section>
  );
}

interface AskProps {
  active: RoutingModelRead;
  onClose: () => void;
}

function Undoing({ active, former, onClose }: AskProps & { former: RoutingModelRead | undefined }) {
  const { mutateAsync } = useUndo();

  async function confirmed() {
    await mutateAsync(undefined);
    onClose();
    toasts.show(former ? `Version ${former.version} is in force again` : "No routing model is in force");
  }

  const title = former ? `Go back to version ${former.version}?` : "Go back to your numbers?";
  return (
    <Confirm title={title} action="Go back" doing="Going back…" undoable onConfirm={confirmed} onClose={onClose}>
      <p>
        Version {active.version} is retired within a second.{" "}
        {former ? `Version ${former.version} predicts quality again.` : "Intelligent routes then go by the quality that you gave to each model."} No call fails for it.
      </p>
      <p>It can be put in force again.</p>
    </Confirm>
  );
}

function Retiring({ active, onClose }: AskProps) {
  const { mutateAsync } = useRetire();

  async function confirmed() {
    await mutateAsync(active.id);
    onClose();
    toasts.show("No routing model is in force");
  }

  return (
    <Confirm title={`Retire version ${active.version}?`} action={`Retire version ${active.version}`} doing="Retiring…" undoable onConfirm={confirmed} onClose={onClose}>
      <p>Nothing that was learned is in force then: intelligent routes go by the quality that you gave to each model.</p>
      <p>It can be put in force again.</p>
    </Confirm>
  );
}
