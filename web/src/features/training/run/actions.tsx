import { useNavigate } from "@tanstack/react-router";
import { CircleSlash, Copy, Pause, Play, RotateCcw } from "lucide-react";
import { useState } from "react";

import { useAct, type Act } from "../queries";
import { offered } from "../words";

import type { Run } from "@/api/learning";
import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { percent } from "@/lib/format";
import { paths } from "@/lib/paths";

const said: Record<Act, string> = {
  pause: "It pauses at the next checkpoint",
  resume: "It waits for its turn again",
  cancel: "The run is cancelled",
  retry: "The run was started again",
};

/** What can be done to a run as it is. */
export function Actions({ run }: { run: Run }) {
  const navigate = useNavigate();
  const act = useAct(run.id);
  const [asking, setAsking] = useState<"pause" | "cancel" | null>(null);
  const can = offered(run);
  const close = () => setAsking(null);

  async function done(what: Act) {
    const after = await act.mutateAsync(what);
    toasts.show(said[what]);
    if (after.id !== run.id) await navigate({ to: paths.run, params: { runId: after.id } });
  }

  const press = (what: Act) => done(what).catch((error: unknown) => toasts.show(error instanceof Error ? error.message : String(error)));
  return (
    <Permitted to="training:write">
      <div className="flex flex-wrap gap-2">
        {can.pause && (
          <Button onClick={() => setAsking("pause")}>
            <Pause aria-hidden="true" /> Pause
          </Button>
        )}
        {can.resume && (
          <Button disabled={act.isPending} onClick={() => void press("resume")}>
            <Play aria-hidden="true" /> Resume
          </Button>
        )}
        {can.retry && (
          <Button look="primary" disabled={act.isPending} onClick={() => void press("retry")}>
            <RotateCcw aria-hidden="true" /> Retry
          </Button>
        )}
        <Button onClick={() => void navigate({ to: paths.newRun, search: { like: run.id } })}>
          <Copy aria-hidden="true" /> Train one like it
        </Button>
        {can.cancel && (
          <Button disabled={run.cancelRequested} onClick={() => setAsking("cancel")}>
            <CircleSlash aria-hidden="true" /> {run.cancelRequested ? "Cancelling…" : "Cancel"}
          </Button>
        )}
      </div>
      {asking === "pause" && (
        <Confirm title={`Pause the training of ${run.model}?`} action="Pause the run" doing="Pausing…" undoable onConfirm={() => done("pause").then(close)} onClose={close}>
          <p>It writes a checkpoint and gives the machine to whoever waits. Resumed, it goes on from there.</p>
        </Confirm>
      )}
      {asking === "cancel" && (
        <Confirm title={`Cancel the training of ${run.model}?`} action="Cancel the run" doing="Cancelling…" onConfirm={() => done("cancel").then(close)} onClose={close}>
          <p>{run.progress > 0 ? `${percent(run.progress)} of it is done; no version comes of it.` : "It has not begun; no version comes of it."} What serves now serves on.</p>
          <p>Its figures and its log stay. It can be started again by a retry.</p>
        </Confirm>
      )}
    </Permitted>
  );
}
