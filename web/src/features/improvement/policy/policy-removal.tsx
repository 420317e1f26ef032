import { useRemovePolicy } from "../queries";

import type { Policy } from "@/api/improvement";
import { Confirm } from "@/components/confirm";
import { toasts } from "@/components/toast/store";

/** Asks before a policy goes. */
export function PolicyRemoval({ of: { id, model }, onClose }: { of: Policy; onClose: () => void }) {
  const { mutateAsync } = useRemovePolicy();

  async function confirmed() {
    await mutateAsync(id);
    onClose();
    toasts.show(`${model} improves by itself no more`);
  }

  return (
    <Confirm title={`Delete the policy of ${model}?`} action="Delete the policy" doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>No turn begins by itself any more. Turns that were made stay readable, and what answers now answers on. To stop it for a while, turn it off instead.</p>
    </Confirm>
  );
}
