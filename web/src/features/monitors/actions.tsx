import { useNavigate } from "@tanstack/react-router";
import { Pencil, Power, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";

import { MonitorDialog } from "./edit/monitor-dialog";
import { useCheck, useRemoveMonitor, useSaveMonitor } from "./queries";

import type { Monitor } from "@/api/watch";
import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** What can be done with a monitor. */
export function Actions({ of: monitor }: { of: Monitor }) {
  const { id, name, enabled } = monitor;
  const [asking, setAsking] = useState<"change" | "delete" | null>(null);
  const save = useSaveMonitor();
  const check = useCheck(id);
  const close = () => setAsking(null);
  const failed = ({ message }: Error) => toasts.show(message);
  const turn = () => save.mutate({ present: monitor, body: { enabled: !enabled } }, { onSuccess: () => toasts.show(enabled ? `${name} is not watched` : `${name} is watched again`), onError: failed });
  return (
    <Permitted to="monitors:write">
      <div className="flex flex-wrap gap-2">
        <Button disabled={check.isPending} onClick={() => check.mutate(undefined, { onSuccess: () => toasts.show("Measured just now"), onError: failed })}>
          <RefreshCw aria-hidden="true" /> {check.isPending ? "Measuring…" : "Measure now"}
        </Button>
        <Button disabled={save.isPending} onClick={turn}>
          <Power aria-hidden="true" /> {enabled ? "Turn off" : "Turn on"}
        </Button>
        <Button onClick={() => setAsking("change")}>
          <Pencil aria-hidden="true" /> Change
        </Button>
        {monitor.preset === null && (
          <Button onClick={() => setAsking("delete")}>
            <Trash2 aria-hidden="true" /> Delete
          </Button>
        )}
      </div>
      {asking === "change" && (
        <MonitorDialog
          present={monitor}
          onSaved={() => {
            close();
            toasts.show(`Saved ${name}`);
          }}
          onClose={close}
        />
      )}
      {asking === "delete" && <Removal of={monitor} onClose={close} />}
    </Permitted>
  );
}

function Removal({ of: { id, name }, onClose }: { of: Monitor; onClose: () => void }) {
  const { mutateAsync } = useRemoveMonitor();
  const navigate = useNavigate();

  async function confirmed() {
    await mutateAsync(id);
    toasts.show(`Deleted the monitor ${name}`);
    await navigate({ to: paths.monitors });
  }

  return (
    <Confirm title={`Delete the monitor ${name}?`} action={`Delete ${name}`} doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>What it measured goes with it. Alerts that it opened stay. To stop it for a while, turn it off instead.</p>
    </Confirm>
  );
}
