import { useState } from "react";

import type { Act, useAct } from "../queries";
import { willGoBack } from "../words";

import type { Release } from "@/api/releases";
import { Failure } from "@/components/failure";
import { FormDialog } from "@/components/form/form-dialog";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";
import { percent } from "@/lib/format";

interface Asked {
  title: string;
  action: string;
  doing: string;
  done: string;
  words: string;
  danger?: boolean;
}

/** The share of the step after this one. */
const next = ({ plan, step }: Release): string => percent(plan.steps[step + 1]?.share ?? 1);

const asks: Record<Act, (release: Release) => Asked> = {
  approve: (release) => ({ title: "Approve the next step?", action: "Approve", doing: "Approving…", done: "Approved: it goes on", words: `It goes on to ${next(release)} of the calls. Guardrails still watch it and take it back when something gets worse.` }),
  resume: () => ({ title: "Resume the release?", action: "Resume", doing: "Resuming…", done: "It goes on", words: "It goes on where it stands, and waits for what its step waits for." }),
  advance: (release) => ({ title: "Go on without waiting?", action: `Go on to ${next(release)}`, doing: "Going on…", done: "It goes on to the next step", words: `${next(release)} of the calls get ${release.version} now, without what this step still waits for. Guardrails still watch it.` }),
  hold: ({ version, share }) => ({ title: "Hold the release?", action: "Hold it", doing: "Holding…", done: "It stays where it is", words: `${version} keeps ${percent(share ?? 0)} of the calls and gets no more until it is resumed. Guardrails still watch it.` }),
  cancel: ({ version, former }) => ({ title: "Cancel the release?", action: "Cancel the release", doing: "Cancelling…", done: "The release is cancelled", words: `${version} gets no call any more; ${former ?? "what was live"} answers as before. It can be released again.`, danger: true }),
  rollback: (release) => ({ title: `Roll ${release.name} back?`, action: release.former === null ? "Roll back" : `Go back to ${release.former}`, doing: "Going back…", done: `${release.name} goes back to ${release.former ?? "what was before"}`, words: `${willGoBack(release)} No call fails for it.`, danger: true }),
};

/** Asks before it is done: what will happen, and why it is done. */
export function ActDialog({ act, release, change, onClose }: { act: Act; release: Release; change: ReturnType<typeof useAct>; onClose: () => void }) {
  const { title, action, doing, done, words, danger = false } = asks[act](release);
  const [reason, setReason] = useState("");
  const why = reason.trim();
  const must = act === "rollback";

  function submit() {
    const body = act === "approve" ? (why === "" ? undefined : { note: why }) : why === "" ? undefined : { reason: why };
    change.mutate(
      { act, ...(body && { body }) },
      {
        onSuccess: () => {
          onClose();
          toasts.show(done);
        },
      },
    );
  }

  return (
    <FormDialog title={title} action={action} doing={doing} error={change.error} busy={change.isPending} danger={danger} ready={!must || why !== ""} onSubmit={submit} onClose={onClose}>
      <p className="text-pretty text-quiet">{words}</p>
      <TextField label={act === "approve" ? "Note" : "Reason"} optional={!must} help={must ? "It stands in the history and in the audit." : undefined} value={reason} autoComplete="off" maxLength={2000} onChange={setReason} />
      {change.error && <Failure title="Nothing was changed" error={change.error} />}
    </FormDialog>
  );
}
