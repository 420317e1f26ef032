import { useRemoveSchedule } from "../queries";

import type { Schedule } from "@/api/learning";
import { Confirm } from "@/components/confirm";
import { toasts } from "@/components/toast/store";

/** Asks before a schedule goes. */
export function ScheduleRemoval({ of: { id, name }, onClose }: { of: Schedule; onClose: () => void }) {
  const { mutateAsync } = useRemoveSchedule();

  async function confirmed() {
    await mutateAsync(id);
    onClose();
    toasts.show(`Deleted the schedule ${name}`);
  }

  return (
    <Confirm title={`Delete the schedule ${name}?`} action={`Delete ${name}`} doing="Deleting…" onConfirm={confirmed} onClose={onClose}>
      <p>Nothing is trained by it any more. What it trained stays, and so do runs that it started and that are not over.</p>
    </Confirm>
  );
}
