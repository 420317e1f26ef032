import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";

import { previewQuery } from "../queries";

import { guardDrafts, stepDrafts, wrongCount, type Draft } from "./draft";
import { GuardFields } from "./guard-fields";
import { StepFields } from "./step-fields";

import type { ReleaseBody, ReleasePlan } from "@/api/releases";
import { CheckField } from "@/components/form/check-field";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useSettled } from "@/lib/use-settled";

interface Props {
  draft: Draft;
  body: ReleaseBody | null;
  onChange: (draft: Draft) => void;
}

/** What lies behind the strategy: its steps, what must not get worse, and who says the last word. */
export function PlanFields({ draft, body, onChange }: Props) {
  const plan = useUsualPlan(body);
  const own = draft.steps !== null || draft.guards !== null;
  return (
    <details className="group rounded-md border border-line">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-quiet transition-transform group-open:rotate-90" />
        <span className="min-w-0">
          <span className="font-medium">Steps and guardrails</span> <span className="text-sm text-quiet">{own ? "as you set them" : "the usual ones are good ones"}</span>
        </span>
      </summary>
      <div className="space-y-6 border-t border-line p-3">
        <Usual draft={draft} plan={plan} onChange={onChange} />
        <SelectField
          label="The last word"
          help="After the last step it is put in force for everybody."
          value={draft.promotion ?? plan?.promotion ?? "automatic"}
          options={[
            { value: "automatic", label: "By itself, when nothing got worse" },
            { value: "approval", label: "Somebody approves it" },
          ]}
          onChange={(promotion) => onChange({ ...draft, promotion: promotion as "automatic" | "approval" })}
        />
        <SelectField
          label="What stays with one version"
          help="Nobody is sent back and forth between two."
          value={draft.unit}
          options={[
            { value: "user", label: "Each person" },
            { value: "conversation", label: "Each conversation" },
          ]}
          onChange={(unit) => onChange({ ...draft, unit: unit as Draft["unit"] })}
        />
        <TextField label="Keep the version before loaded" optional unit="minutes" help="So long after the release going back takes no loading. Blue-green keeps it for ten." inputMode="decimal" autoComplete="off" value={draft.keepMinutes} placeholder={String(Math.round((plan?.keepFormer ?? 0) / 60))} check={wrongCount} onChange={(keepMinutes) => onChange({ ...draft, keepMinutes })} />
        <CheckField label="Deprecate the version before" help="Once the release has succeeded, nobody can put the former version in force any more." checked={draft.deprecateFormer} onChange={(deprecateFormer) => onChange({ ...draft, deprecateFormer })} />
        {own && <Button onClick={() => onChange({ ...draft, steps: null, guards: null })}>Back to the usual ones</Button>}
      </div>
    </details>
  );
}

/** The plan that the chosen strategy has before anything of it is changed; undefined until it is that one's. */
function useUsualPlan(body: ReleaseBody | null): ReleasePlan | undefined {
  const { name = "", version = "", strategy, share } = body ?? {};
  const wanted = strategy === undefined ? null : JSON.stringify({ name, version, strategy, ...(share !== undefined && { share }) });
  const asked = useSettled(wanted);
  const { data, isPlaceholderData } = useQuery(previewQuery(asked === null ? null : (JSON.parse(asked) as ReleaseBody)));
  return asked === wanted && !isPlaceholderData ? data?.plan : undefined;
}

/** The steps and guardrails, as they are usual until one changes them. */
function Usual({ draft, plan, onChange }: Pick<Props, "draft" | "onChange"> & { plan: ReleasePlan | undefined }) {
  const { strategy, steps, guards } = draft;
  if (strategy === "immediate") return null;
  if (!plan) return <Skeleton className="h-40" />;
  return (
    <>
      <StepFields steps={steps ?? stepDrafts(plan.steps)} strategy={strategy} onChange={(next) => onChange({ ...draft, steps: next })} />
      {strategy !== "shadow" && <GuardFields guards={guards ?? guardDrafts(plan.guardrails)} onChange={(next) => onChange({ ...draft, guards: next })} />}
    </>
  );
}
