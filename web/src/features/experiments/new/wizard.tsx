import { useNavigate } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useRef, useState, type SubmitEvent } from "react";

import { useChangeDraft, useCreate, useStart, type Choice } from "../queries";

import { ArmsStep } from "./arms-step";
import { AudienceStep } from "./audience-step";
import { bodyOf, changeOf, planOf, problems, STEPS, type Draft, type Step } from "./draft";
import { DurationStep } from "./duration-step";
import { MeasuresStep } from "./measures-step";
import { PlanPanel } from "./plan-panel";
import { QuestionStep } from "./question-step";
import { ReviewStep } from "./review-step";
import { StepList } from "./step-list";

import type { Experiment } from "@/api/experiments";
import { Failure } from "@/components/failure";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

interface Props {
  begun: Draft;
  choices: readonly Choice[];
  /** The draft that is changed; without it, what is kept is a new one. */
  of?: Experiment;
}

/** One question after the other; what it takes stands beside them as soon as it is known. */
export function Wizard({ begun, choices, of: changed }: Props) {
  const [draft, setDraft] = useState(begun);
  const [step, setStep] = useState<Step>("Question");
  const head = useRef<HTMLHeadingElement>(null);
  const saving = useSaving(changed);
  const wrong = problems(draft);
  const place = STEPS.indexOf(step);
  const [told, tell] = useState(false);

  function go(to: Step) {
    setStep(to);
    tell(false);
    // The next question is read from its beginning.
    requestAnimationFrame(() => head.current?.focus());
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const next = STEPS[place + 1];
    if (wrong[step] !== null) tell(true);
    else if (next) go(next);
    else saving.save(draft, true);
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form onSubmit={submit} className="min-w-0 space-y-6">
        <StepList step={step} wrong={wrong} onGo={go} />
        <section aria-labelledby="step" className="space-y-6">
          <h2 id="step" ref={head} tabIndex={-1} className="text-lg font-semibold outline-none">
            {titles[step]}
          </h2>
          <Asked step={step} draft={draft} choices={choices} onChange={setDraft} onGo={go} />
        </section>
        {told && wrong[step] !== null && (
          <p role="alert" className="text-bad">
            {wrong[step]}
          </p>
        )}
        {saving.error && <Failure title={changed ? "Nothing was changed" : "Nothing was started"} error={saving.error} />}
        <Buttons step={step} busy={saving.busy} ready={bodyOf(draft) !== null} keep={changed ? "Keep the change" : "Keep it as a draft"} onBack={go} onKeep={() => saving.save(draft, false)} />
      </form>
      <PlanPanel plan={planOf(draft)} body={step === "Review" && !changed ? bodyOf(draft) : null} unit={draft.unit} />
    </div>
  );
}

const titles: Record<Step, string> = {
  Question: "What do you want to find out?",
  Arms: "What is tried against what answers today?",
  Measures: "What tells which is better?",
  Audience: "Who takes part?",
  Duration: "How sure must it be?",
  Review: "Is this what you mean?",
};

interface ButtonsProps {
  step: Step;
  busy: boolean;
  ready: boolean;
  keep: string;
  onBack: (to: Step) => void;
  onKeep: () => void;
}

function Buttons({ step, busy, ready, keep, onBack, onKeep }: ButtonsProps) {
  const place = STEPS.indexOf(step);
  const before = STEPS[place - 1];
  const next = STEPS[place + 1];
  return (
    <div className="flex flex-wrap gap-2">
      {before && (
        <Button onClick={() => onBack(before)}>
          <ArrowLeft aria-hidden="true" /> Back
        </Button>
      )}
      {next ? (
        <Button look="primary" type="submit">
          Next: {next.toLowerCase()} <ArrowRight aria-hidden="true" />
        </Button>
      ) : (
        <>
          <Button look="primary" type="submit" disabled={busy || !ready}>
            {busy ? "Starting…" : "Start the experiment"}
          </Button>
          <Button disabled={busy || !ready} onClick={onKeep}>
            {keep}
          </Button>
        </>
      )}
    </div>
  );
}

interface AskedProps {
  step: Step;
  draft: Draft;
  choices: readonly Choice[];
  onChange: (draft: Draft) => void;
  onGo: (step: Step) => void;
}

function Asked({ step, draft, choices, onChange, onGo }: AskedProps) {
  if (step === "Question") return <QuestionStep draft={draft} choices={choices} onChange={onChange} />;
  if (step === "Arms") return <ArmsStep draft={draft} choices={choices} onChange={onChange} />;
  if (step === "Measures") return <MeasuresStep draft={draft} onChange={onChange} />;
  if (step === "Audience") return <AudienceStep draft={draft} onChange={onChange} />;
  if (step === "Duration") return <DurationStep draft={draft} onChange={onChange} />;
  return <ReviewStep draft={draft} onGo={onGo} />;
}

/** Keeps it, and starts it where that was asked for; what was kept is not lost when it cannot start. */
function useSaving(changed: Experiment | undefined) {
  const navigate = useNavigate();
  const create = useCreate();
  const change = useChangeDraft(changed?.id ?? "");
  const start = useStart();

  async function kept(draft: Draft): Promise<Experiment | null> {
    const body = changed ? changeOf(changed, draft) : bodyOf(draft);
    if (body === null) return null;
    return "version" in body ? change.mutateAsync(body) : create.mutateAsync(body);
  }

  function save(draft: Draft, starting: boolean) {
    void kept(draft)
      .then((made) => {
        if (made === null) return;
        const { id, name } = made;
        const open = () => void navigate({ to: paths.experiment, params: { experimentId: id } });
        if (!starting) {
          open();
          return;
        }
        start.mutate(id, {
          onSuccess: () => {
            toasts.show(`${name} runs: calls are split from now on`);
            open();
          },
          onError: (error) => {
            toasts.show(`It is kept as a draft: ${error.message}`);
            open();
          },
        });
      })
      // It is told where the form is.
      .catch(() => undefined);
  }

  return { save, busy: create.isPending || change.isPending || start.isPending, error: create.error ?? change.error };
}
