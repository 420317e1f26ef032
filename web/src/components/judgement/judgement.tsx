import { Pencil, ThumbsDown, ThumbsUp, type LucideIcon } from "lucide-react";
import { useState } from "react";

import { CorrectDialog } from "./correct-dialog";
import { kindOf, mine, said } from "./words";

import { useFeedbackOn, useGiveFeedback } from "@/api/feedback";
import { useMe } from "@/api/me";
import type { FeedbackRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { paths } from "@/lib/paths";

interface Props {
  operationId: string;
  /** What the call was: chat, classification and the like. */
  kind: string;
  /** What was answered, to correct it from. */
  answer: string;
  /** Other answers that there are, to choose the right one from. */
  labels?: readonly string[];
  /** Small, beneath an answer; otherwise a part of a page. */
  small?: boolean;
}

/** Says whether an answer was right, and what would have been; shows what was said of it. */
export function Judgement(props: Props) {
  return (
    <Permitted to="feedback:write">
      <Judge {...props} />
    </Permitted>
  );
}

function Judge({ operationId, kind, answer, labels, small = false }: Props) {
  const [correcting, setCorrecting] = useState(false);
  const { id: me } = useMe();
  const known = useFeedbackOn(operationId);
  const { mutate, error, isPending, variables } = useGiveFeedback();
  const told = isPending ? variables.feedback : mine(known?.items, me);
  const give = (feedback: "positive" | "negative") => mutate({ operationType: kindOf(kind), operationId, feedback });
  return (
    <div className={small ? "space-y-1" : "space-y-2"}>
      <div role="group" aria-label="Was this answer right?" className="flex flex-wrap items-center gap-1.5">
        <Thumb Icon={ThumbsUp} name="Good answer" pressed={told === "positive"} small={small} onPress={() => give("positive")} />
        <Thumb Icon={ThumbsDown} name="Wrong answer" pressed={told === "negative"} small={small} onPress={() => give("negative")} />
        <Button look="quiet" className={cn(small && "h-6 px-1.5 text-xs")} onClick={() => setCorrecting(true)}>
          <Pencil aria-hidden="true" /> Correct this answer
        </Button>
        <Told of={known?.items ?? []} operationId={operationId} small={small} />
      </div>
      {error && <Failure title="What you said could not be kept" error={error} />}
      {correcting && <CorrectDialog operationId={operationId} kind={kindOf(kind)} answer={answer} labels={labels} onClose={() => setCorrecting(false)} />}
    </div>
  );
}

/** What everybody said of it, and the way there. */
function Told({ of: items, operationId, small }: { of: readonly FeedbackRead[]; operationId: string; small: boolean }) {
  if (items.length === 0) return null;
  return (
    <a href={`${paths.feedback}?operation=${encodeURIComponent(operationId)}`} className={cn("hit text-accent-ink underline underline-offset-4", small && "text-xs")}>
      {said(items)}
    </a>
  );
}

interface ThumbProps {
  Icon: LucideIcon;
  name: string;
  pressed: boolean;
  small: boolean;
  onPress: () => void;
}

/** Pressed is told by the filled icon and by `aria-pressed`, not by colour alone. */
function Thumb({ Icon, name, pressed, small, onPress }: ThumbProps) {
  return (
    <Button
      look={pressed ? "outline" : "quiet"}
      aria-pressed={pressed}
      className={cn(small && "h-6 px-1.5 text-xs", pressed && "font-medium text-accent-ink")}
      onClick={onPress}
    >
      <Icon aria-hidden="true" {...(pressed && { fill: "currentColor" })} /> {name}
    </Button>
  );
}
