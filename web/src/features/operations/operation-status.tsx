import { CircleCheck, CircleDashed, CircleSlash, CircleX } from "lucide-react";

import type { Operation, OperationStatus } from "@/api/schema";

const statuses: Record<OperationStatus, { word: string; Icon: typeof CircleCheck; look: string; tint: string }> = {
  success: { word: "Success", Icon: CircleCheck, look: "text-quiet", tint: "text-good" },
  error: { word: "Error", Icon: CircleX, look: "text-bad", tint: "text-bad" },
  cancelled: { word: "Cancelled", Icon: CircleSlash, look: "text-quiet", tint: "text-quiet" },
  interrupted: { word: "Interrupted", Icon: CircleDashed, look: "text-warn", tint: "text-warn" },
};

/** How an operation ended: icon, word, and the code when it failed. */
export function Status({ operation, brief = false }: { operation: Operation; /** On a phone the icon alone. */ brief?: boolean }) {
  const { word, Icon, look, tint } = statuses[operation.status];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle ${look}`} title={[word, operation.errorCode].filter(Boolean).join(": ")}>
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${tint}`} />
      <span className={brief ? "max-md:sr-only" : ""}>{word}</span>
      {operation.errorCode && <code className="hidden font-mono text-xs text-quiet md:inline">{operation.errorCode}</code>}
    </span>
  );
}
