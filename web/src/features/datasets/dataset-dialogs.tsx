import { useNavigate } from "@tanstack/react-router";

import { EditDialog } from "./edit-dialog";
import { ImportDialog } from "./importing/import-dialog";
import { useDeleteDataset } from "./queries";
import type { Asked } from "./routes";
import type { DatasetRead } from "./shapes";
import { FreezeDialog } from "./versions/freeze-dialog";

import { Confirm } from "@/components/confirm";
import { Permitted } from "@/components/permitted";
import { toasts } from "@/components/toast/store";
import { plural } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  dataset: DatasetRead;
  asked: Asked | undefined;
  onClose: () => void;
}

/** What lies over a dataset, for those who may change it. */
export function DatasetDialogs({ dataset, asked, onClose }: Props) {
  return (
    <Permitted to="datasets:write">
      {asked === "import" && <ImportDialog dataset={dataset} onClose={onClose} />}
      {asked === "freeze" && <FreezeDialog dataset={dataset} onClose={onClose} />}
      {asked === "edit" && <EditDialog dataset={dataset} onClose={onClose} />}
      {asked === "delete" && <Deletion dataset={dataset} onClose={onClose} />}
    </Permitted>
  );
}

function Deletion({ dataset: { id, name, examples, version }, onClose }: Omit<Props, "asked">) {
  const navigate = useNavigate();
  const { mutateAsync } = useDeleteDataset(id);

  async function confirmed() {
    await mutateAsync(undefined);
    await navigate({ to: paths.datasets });
    toasts.show(`Deleted ${name}`);
  }

  return (
    <Confirm title={`Delete the dataset ${name}?`} action={`Delete ${name}`} doing="Deleting…" typed={name} onConfirm={confirmed} onClose={onClose}>
      <p>
        Its <strong className="font-medium text-ink">{plural(examples, "example")}</strong> are lost{version !== null && ", and so are its frozen versions"}. Models that were
        trained on it stay as they are.
      </p>
      <p>Export it first if you may want it again.</p>
    </Confirm>
  );
}
