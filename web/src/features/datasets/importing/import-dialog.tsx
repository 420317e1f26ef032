import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { forget } from "../queries";
import type { DatasetRead, ImportedRead } from "../shapes";

import type { Format } from "./detect";
import { DropField } from "./drop-field";
import { Outcome, OutcomeButtons } from "./outcome";
import { Preview } from "./preview-table";
import { fileSize } from "./size";
import { upload, type Counting } from "./upload";
import { useChosen, type Chosen } from "./use-chosen";

import { Failure } from "@/components/failure";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Progress } from "@/components/ui/progress";
import { percent } from "@/lib/format";

interface Props {
  dataset: DatasetRead;
  onClose: () => void;
}

/** Brings a file in: chosen, looked at, sent, and told what came of it. */
export function ImportDialog({ dataset, onClose }: Props) {
  const { chosen, choose, clear, readAs, countAs } = useChosen();
  const sending = useSending(dataset);
  const { isPending, data: outcome, reset } = sending.mutation;

  function another() {
    reset();
    clear();
  }

  const buttons = outcome ? (
    <OutcomeButtons dataset={dataset} outcome={outcome} onAnother={another} onClose={onClose} />
  ) : (
    <SendButtons chosen={chosen} sending={sending} onClose={onClose} />
  );
  return (
    <Dialog title={`Import into ${dataset.name}`} wide busy={isPending} onClose={onClose} footer={buttons}>
      {outcome ? (
        <Outcome of={outcome} />
      ) : chosen ? (
        <Looked at={chosen} kind={dataset.kind} sending={sending} onReadAs={readAs} onCountAs={countAs} onAnother={another} />
      ) : (
        <DropField onFile={(file) => void choose(file)} />
      )}
    </Dialog>
  );
}

type Sends = ReturnType<typeof useSending>;

function SendButtons({ chosen, sending, onClose }: { chosen: Chosen | null; sending: Sends; onClose: () => void }) {
  const { isPending, mutate } = sending.mutation;
  return (
    <>
      {isPending ? <Button onClick={sending.stop}>Stop</Button> : <Button onClick={onClose}>Cancel</Button>}
      {/* Made anew when there is a file, so that the focus goes to it: what one chose the file with is gone. */}
      <Button key={chosen?.file.name ?? ""} autoFocus={chosen !== null} look="primary" disabled={chosen?.format == null || isPending} onClick={() => chosen && mutate(chosen)}>
        {isPending ? "Importing…" : "Import"}
      </Button>
    </>
  );
}

interface LookedProps {
  at: Chosen;
  kind: DatasetRead["kind"];
  sending: Sends;
  onReadAs: (format: Format) => void;
  onCountAs: (counting: Counting) => void;
  onAnother: () => void;
}

/** The file before it is sent, and while it is. */
function Looked({ at: chosen, kind, sending, onReadAs, onCountAs, onAnother }: LookedProps) {
  const { isPending, error } = sending.mutation;
  const { name, size } = chosen.file;
  return (
    <>
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 font-medium wrap-anywhere">
          {name} <span className="font-normal text-quiet">{fileSize(size)}</span>
        </span>
        {!isPending && (
          <Button look="quiet" className="-mr-3" onClick={onAnother}>
            Choose another
          </Button>
        )}
      </p>
      {error && error.name !== "AbortError" && <Failure title="Nothing was imported" error={error} />}
      {isPending ? <Sending share={sending.share} size={size} /> : <Preview of={chosen} kind={kind} onReadAs={onReadAs} onCountAs={onCountAs} />}
    </>
  );
}

function useSending(dataset: DatasetRead) {
  const queries = useQueryClient();
  const [share, setShare] = useState(0);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);
  const mutation = useMutation({
    mutationFn: ({ file, format, counting }: Chosen): Promise<ImportedRead> => {
      stopping.current = new AbortController();
      setShare(0);
      return upload(dataset.id, format ?? "jsonl", file, { file: file.name, status: counting, onProgress: setShare, signal: stopping.current.signal });
    },
    onSettled: () => forget(queries),
  });
  return { mutation, share, stop: () => stopping.current?.abort() };
}

function Sending({ share, size }: { share: number; size: number }) {
  return (
    <div className="space-y-2">
      <Progress label="Sent" done={share} total={1} className="w-full" />
      <p role="status" className="text-quiet">
        {share < 1 ? `${percent(share)} of ${fileSize(size)} sent.` : "All of it is sent. The server reads each line, and tells which it cannot use."}
      </p>
    </div>
  );
}
