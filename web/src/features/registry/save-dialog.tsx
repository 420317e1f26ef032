import { routeFieldName } from "./field-names";
import { Findings } from "./preview-panel";

import type { RouteCreate, RoutePreview } from "@/api/schema.gen";
import { Diff } from "@/components/diff/diff";
import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface Props {
  title: string;
  /** Null for a new route. */
  before: RouteCreate | null;
  after: RouteCreate;
  preview: RoutePreview | undefined;
  action: string;
  saving: boolean;
  error: Error | null;
  onSave: () => void;
  onClose: () => void;
}

/** The last look before calls go another way. */
export function SaveDialog({ title, before, after, preview, action, saving, error, onSave, onClose }: Props) {
  return (
    <Dialog
      title={title}
      wide
      busy={saving}
      onClose={onClose}
      footer={
        <>
          <Button disabled={saving} onClick={onClose}>
            Keep editing
          </Button>
          <Button look="primary" data-autofocus disabled={saving} onClick={onSave}>
            {saving ? "Saving…" : action}
          </Button>
        </>
      }
    >
      <p className="text-quiet">It counts for the next call, within a second. Calls that run now end as they began.</p>
      <Diff name={routeFieldName} label="What changes" before={before} after={after} />
      {preview && preview.warnings.length > 0 && <Findings problems={[]} warnings={preview.warnings} />}
      {error && <Failure title="Nothing was saved" error={error} />}
    </Dialog>
  );
}
