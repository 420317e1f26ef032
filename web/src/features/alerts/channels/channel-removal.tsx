import { useRemoveChannel } from "../queries";

import type { AlertChannel } from "@/api/watch";
import { Confirm } from "@/components/confirm";
import { toasts } from "@/components/toast/store";

/** Asks before a channel goes. */
export function ChannelRemoval({ of: { id, name, waiting }, onClose }: { of: AlertChannel; onClose: () => void }) {
  const { mutateAsync } = useRemoveChannel();

  async function confirmed() {
    await mutateAsync(id);
    onClose();
    toasts.show(`Deleted the channel ${name}`);
  }

  return (
    <Confirm title={`Delete the channel ${name}?`} action={`Delete ${name}`} doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>It is told nothing any more{waiting > 0 ? ", and what has yet to arrive is dropped" : ""}. Alerts go on being listed.</p>
    </Confirm>
  );
}
