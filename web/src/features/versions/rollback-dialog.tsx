import { useQuery } from "@tanstack/react-query";

import { historyQuery, useRollBack } from "./queries";

import type { TrainedModel } from "@/api/versions";
import { Confirm } from "@/components/confirm";
import { toasts } from "@/components/toast/store";

/** Goes one step back: to what answered before. */
export function RollBackDialog({ model: { name, live }, onClose }: { model: TrainedModel; onClose: () => void }) {
  const { data } = useQuery(historyQuery(name));
  const { mutateAsync } = useRollBack(name);
  const present = data?.items.find(({ environment, version }) => environment === "production" && version === live.production);
  const former = present?.former ?? null;

  async function confirmed() {
    const { live: now } = await mutateAsync({ environment: "production" });
    onClose();
    toasts.show(now.production === null ? `Nothing of ${name} is live` : `${name} is answered by ${now.production} again`);
  }

  return (
    <Confirm title={`Roll ${name} back?`} action={former ? `Go back to ${former}` : "Go back"} doing="Going back…" undoable onConfirm={confirmed} onClose={onClose}>
      <p>
        {live.production} is taken out of force within a second. {former ? `${former} answers again; no call fails for it.` : "What was live before it answers again; where nothing was, it is refused in words."}
      </p>
      <p>It can be promoted again.</p>
    </Confirm>
  );
}
