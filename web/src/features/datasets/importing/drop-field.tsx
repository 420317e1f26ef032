import { FileUp } from "lucide-react";
import { useId, useState, type DragEvent } from "react";

import { cn } from "@/lib/cn";

interface Props {
  onFile: (file: File) => void;
}

/** Takes a file that is dropped on it, or chosen. */
export function DropField({ onFile }: Props) {
  const id = useId();
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  }

  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        "relative rounded-md border border-dashed border-edge p-6 text-center transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        over ? "bg-accent-soft" : "bg-sunken",
      )}
    >
      <FileUp aria-hidden="true" className="mx-auto size-6 text-quiet" />
      <label htmlFor={id} className="mt-2 block font-medium">
        Choose a file, or drop it here
      </label>
      <p id={`${id}-help`} className="mt-1 text-sm text-quiet">
        JSON, JSON lines, CSV, Parquet, or chats of OpenAI or Hugging Face. Nothing is sent before you have seen it.
      </p>
      <input
        id={id}
        type="file"
        data-autofocus
        aria-describedby={`${id}-help`}
        className="absolute inset-0 cursor-pointer opacity-0"
        accept=".json,.jsonl,.ndjson,.csv,.tsv,.txt,.parquet,application/json,text/csv"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
