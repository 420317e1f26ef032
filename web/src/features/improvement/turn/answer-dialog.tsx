import { useState } from "react";

import { useAnswer } from "../queries";

import type { TurnStory } from "@/api/improvement";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { TextArea } from "@/components/form/text-area";
import { toasts } from "@/components/toast/store";

export type Asked = TurnStory["actions"][number];

interface Words {
  title: (model: string) => string;
  action: string;
  doing: string;
  what: string;
  label: string;
  done: string;
}

const words: Record<Asked, Words> = {
  approve: {
    title: (model) => `Let the turn of ${model} go on?`,
    action: "Approve",
    doing: "Approving…",
    what: "It goes on at once with the next step. What answers now answers on until the new version has proven itself.",
    label: "A note",
    done: "It goes on",
  },
  reject: { title: (model) => `End the turn of ${model}?`, action: "End the turn", doing: "Ending…", what: "What is under way is stopped, and traffic goes back to the version before. The same data is not tried again unasked.", label: "Why", done: "The turn is ended" },
  override: {
    title: (model) => `Release ${model} against its gates?`,
    action: "Override the gates",
    doing: "Overriding…",
    what: "A gate found this version wanting. It is released all the same, with the release's guardrails; that you decided so is kept for good.",
    label: "Why all the same",
    done: "It is released against its gates",
  },
};

/** What somebody answers to a turn, and why. */
export function AnswerDialog({ turn, asked, onClose }: { turn: TurnStory; asked: Asked; onClose: () => void }) {
  const [text, setText] = useState("");
  const answer = useAnswer(turn.id);
  const { title, action, doing, what, label, done } = words[asked];
  const why = text.trim();
  const beside = errorBeside(answer.error, ["note", "reason"]);

  function submit() {
    answer.mutate(asked === "approve" ? { what: asked, note: why } : { what: asked, reason: why }, {
      onSuccess: () => {
        onClose();
        toasts.show(done);
      },
    });
  }

  return (
    <FormDialog title={title(turn.model)} action={action} doing={doing} error={answer.error} busy={answer.isPending} ready={asked === "approve" || why !== ""} danger={asked !== "approve"} onSubmit={submit} onClose={onClose}>
      <p className="text-pretty text-quiet">{what}</p>
      <TextArea label={label} optional={asked === "approve"} maxLength={2000} value={text} error={errorAt(answer.error, "note") ?? errorAt(answer.error, "reason")} onChange={setText} />
      {beside && <Failure title="Nothing was changed" error={beside} />}
    </FormDialog>
  );
}
