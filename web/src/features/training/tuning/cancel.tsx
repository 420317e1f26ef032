import { useCancelTuning } from "../queries";

import { isOpen } from "./words";

import type { TuningJob } from "@/api/learning";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

/** Ends a job that is under way. */
export function Cancel(job: TuningJob) {
  return isOpen(job) && <CancelButton job={job} />;
}

function CancelButton({ job }: { job: TuningJob }) {
  const cancel = useCancelTuning();
  return (
    <Button
      aria-label={`Cancel ${job.name}`}
      disabled={cancel.isPending}
      onClick={(event) => {
        event.stopPropagation();
        cancel.mutate(job.id, { onSuccess: () => toasts.show(`${job.name} was cancelled.`), onError: (error) => toasts.show(`${job.name} was not cancelled: ${error.message}`) });
      }}
    >
      Cancel
    </Button>
  );
}
