import { useId, useState } from "react";

import { isLabel } from "./words";

import { useGiveFeedback } from "@/api/feedback";
import type { FeedbackCreate } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { FormDialog } from "@/components/form/form-dialog";
import { TextArea } from "@/components/form/text-area";
import { TextField } from "@/components/form/text-field";
import { toasts } from "@/components/toast/store";

interface Props {
  operationId: string;
  kind: FeedbackCreate["operationType"];
  answer: string;
  labels: readonly string[] | undefined;
  onClose: () => void;
}

/** Takes the answer that would have been right: a label where one was answered, else the words. */
export function CorrectDialog({ operationId, kind, answer, labels, onClose }: Props) {
  const listId = useId();
  const [right, setRight] = useState(isLabel(kind) ? "" : answer);
  const [comment, setComment] = useState("");
  const { mutate, error, isPending } = useGiveFeedback();
  const wanted = right.trim();
  const changed = wanted !== "" && wanted !== answer.trim();
  const field = kind === "classification" ? "correctedCategory" : kind === "sentiment" ? "correctedSentiment" : "correction";

  function submit() {
    mutate(
      { operationType: kind, operationId, feedback: "negative", [field]: wanted, ...(comment.trim() && { comment: comment.trim() }) },
      {
        onSuccess: () => {
          toasts.show("The correction is kept; it can be learned from");
          onClose();
        },
      },
    );
  }

  const beside = errorBeside(error, [field, "comment"]);
  return (
    <FormDialog title="Correct this answer" action="Keep the correction" doing="Keeping…" error={error} busy={isPending} ready={changed} wide onSubmit={submit} onClose={onClose}>
      {beside && <Failure title="The correction was not kept" error={beside} />}
      {isLabel(kind) ? (
        <>
          <TextField label="The right label" help={answer ? `It answered ${answer}. A label that it does not know yet is a new one.` : "As your labels are written."} list={listId} value={right} maxLength={200} error={errorAt(error, field)} onChange={setRight} />
          <datalist id={listId}>
            {labels?.filter((label) => label !== answer).map((label) => (
              <option key={label} value={label} />
            ))}
          </datalist>
        </>
      ) : (
        <TextArea label="The right answer" help="Change what it answered into what it should have answered." rows={6} maxLength={32_000} value={right} error={errorAt(error, field)} onChange={setRight} />
      )}
      <TextArea label="Comment" optional help="What was wrong with it. Comments and corrections are kept sealed." maxLength={4_000} value={comment} error={errorAt(error, "comment")} onChange={setComment} />
    </FormDialog>
  );
}
