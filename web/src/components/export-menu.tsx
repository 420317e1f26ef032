import { Download } from "lucide-react";
import { useState } from "react";

import { Failure } from "./failure";
import { Button } from "./ui/button";
import { Popover } from "./ui/popover";

export interface ExportFormat {
  /** "CSV", "JSON lines". */
  label: string;
  /** What the file is called: "operations.csv". */
  file: string;
  /** Fetches the file's content. */
  fetch: () => Promise<Blob>;
}

interface Props {
  formats: readonly ExportFormat[];
  /** What is exported, in words: "All 1,204 operations that match, with the columns shown". */
  of: string;
}

/** Takes exactly what a list shows with one, as a file. */
export function ExportMenu({ formats, of }: Props) {
  return (
    <Popover
      name="Export"
      label={
        <>
          <Download aria-hidden="true" /> Export
        </>
      }
    >
      {(close) => <Formats formats={formats} of={of} onDone={close} />}
    </Popover>
  );
}

function Formats({ formats, of, onDone }: Props & { onDone: () => void }) {
  const [running, setRunning] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);

  async function take({ label, file, fetch }: ExportFormat) {
    setRunning(label);
    setError(null);
    try {
      save(await fetch(), file);
      onDone();
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    } finally {
      setRunning(null);
    }
  }

  return (
    <div className="w-72 max-w-full space-y-2">
      <p className="text-quiet">{of}</p>
      {formats.map((format) => (
        <Button key={format.label} className="w-full" disabled={running !== null} onClick={() => void take(format)}>
          {running === format.label ? `Fetching ${format.label}` : `Download ${format.label}`}
        </Button>
      ))}
      <p role="status" className="text-xs text-quiet">
        {running && "The file is on its way; a long list takes a few seconds."}
      </p>
      {error && <Failure title="The export did not work; nothing was saved" error={error} />}
    </div>
  );
}

/** Hands a file to the browser. */
function save(content: Blob, file: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
