import { useState } from "react";

import { useSettle } from "../queries";
import type { FindingRead } from "../shapes";

import { isApplicable } from "./words";

import { toasts } from "@/components/toast/store";
import { plural } from "@/lib/format";

/** Applies or dismisses findings, one or many; what is refused is told, and stays open. */
export function useSettling(dataset: string) {
  const { mutateAsync, isPending } = useSettle(dataset);
  const [error, setError] = useState<Error | null>(null);

  async function settle(findings: readonly FindingRead[], action: "apply" | "dismiss"): Promise<boolean> {
    setError(null);
    let done = 0;
    try {
      for (const finding of findings) {
        await mutateAsync({ id: finding.id, action });
        done++;
      }
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
    if (done > 0) toasts.show(`${action === "apply" ? "Applied" : "Dismissed"} ${plural(done, "finding")}`);
    return done === findings.length;
  }

  return { settle, error, busy: isPending };
}

export const applicable = (findings: readonly FindingRead[]) => findings.filter(isApplicable);
