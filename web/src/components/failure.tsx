import { RotateCw } from "lucide-react";


import { CopyButton } from "./copy-button";
import { Notice } from "./notice";
import { Button } from "./ui/button";

import { ApiError } from "@/api/client";

interface Props {
  /** What could not be done: "The overview could not be loaded". */
  title: string;
  error: Error;
  onRetry?: () => void;
  className?: string;
}

/** What happened, in the server's words, what to do, and the id that support will ask for. */
export function Failure({ title, error, onRetry, className }: Props) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <Notice
      tone="bad"
      title={title}
      {...(className && { className })}
      action={
        onRetry && (
          <Button onClick={onRetry} className="self-center">
            <RotateCw aria-hidden="true" /> Try again
          </Button>
        )
      }
    >
      <p>{error.message}</p>
      {requestId && (
        <p className="mt-1 flex items-center gap-1 text-xs text-quiet">
          Request id <code className="font-mono text-ink">{requestId}</code>
          <CopyButton text={requestId} what="the request id" />
        </p>
      )}
    </Notice>
  );
}
