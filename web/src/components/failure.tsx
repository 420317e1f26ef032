import { RotateCw } from "lucide-react";
import { useState } from "react";

import { CopyButton } from "./copy-button";
import { Notice } from "./notice";
import { Button } from "./ui/button";

import { ApiError } from "@/api/client";

interface Props {
  /** What could not be done: "The overview could not be loaded". */
  title: string;
  error: Error;
  /** Asks again; not offered for what is gone, since asking again brings nothing back. */
  onRetry?: () => void;
  className?: string;
}

/** What happened, in the server's words, what to do, and the id that support will ask for. */
export function Failure({ title, error, onRetry, className }: Props) {
  const { requestId, status } = error instanceof ApiError ? error : { requestId: null, status: null };
  return (
    <Notice
      tone="bad"
      title={title}
      {...(className && { className })}
      action={onRetry && status !== 404 && <Retry error={error} onRetry={onRetry} />}
    >
      <p>{error.message}</p>
      {requestId && (
        <p className="mt-1 flex items-center gap-1 text-xs text-quiet">
          <span className="whitespace-nowrap">Request id</span>
          <code className="min-w-0 font-mono break-all text-ink">{requestId}</code>
          <CopyButton text={requestId} what="the request id" />
        </p>
      )}
    </Notice>
  );
}

/** The failure stays while it is asked again: the button tells that it is. A new failure is a new error. */
function Retry({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const [tried, setTried] = useState<Error | null>(null);
  return (
    <Button
      className="self-center"
      onClick={() => {
        setTried(error);
        onRetry();
      }}
    >
      <RotateCw aria-hidden="true" /> {tried === error ? "Trying…" : "Try again"}
    </Button>
  );
}
