import { MessageSquareText } from "lucide-react";
import type { ReactNode } from "react";

import { DeadlinesField } from "./deadlines-field";
import { bodyOf, complete, type RouteDraft } from "./draft";
import { FallbacksField } from "./fallbacks-field";
import { PolicyField } from "./policy-field";
import { PreviewPanel } from "./preview-panel";
import { TargetsField } from "./targets-field";
import type { usePreview } from "./use-preview";
import { useWhatIf } from "./use-what-if";
import { WhatIfPanel } from "./what-if-panel";
import { routeYaml } from "./yaml";

import type { Finding, ModelRead } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { TextField } from "@/components/form/text-field";
import { outlineLink } from "@/components/ui/looks";
import { paths } from "@/lib/paths";

interface Props {
  /** Absent for a new route. */
  id?: string;
  draft: RouteDraft;
  onChange: (draft: RouteDraft) => void;
  models: readonly ModelRead[];
  told: ReturnType<typeof usePreview>;
  /** The buttons that save or discard. */
  actions: ReactNode;
}

const at = (problems: readonly Finding[] | undefined, param: string) =>
  (problems ?? []).filter((problem) => problem.param === param).map(({ message }) => message);

/** Everything that a route is, with what saving it would do beside it. */
export function RouteEditor({ id, draft, onChange, models, told, actions }: Props) {
  const { preview, error, ready, may } = told;
  // What it is called makes no difference to the calls.
  const named = { ...draft, name: "draft" };
  const replay = useWhatIf(complete(named) ? bodyOf(named) : null, id);
  const problems = preview?.problems;
  const beside = errorBeside(error, ["name", "policy", "factors", "exploration", "regions", "targets", "deadlines"]);
  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="min-w-0 space-y-8">
        <TextField
          label="Name"
          help={
            <>
              What clients send as <code className="font-mono">model</code>. Renaming it breaks those who send the old name.
            </>
          }
          value={draft.name}
          mono
          maxLength={256}
          spellCheck={false}
          autoCapitalize="off"
          check={(name) => (name.trim() === "" ? "A route needs a name." : null)}
          error={errorAt(error, "name") ?? at(problems, "name")[0]}
          onChange={(name) => onChange({ ...draft, name })}
        />
        <PolicyField draft={draft} error={error} onChange={onChange} />
        <TargetsField
          policy={draft.policy}
          targets={draft.targets}
          models={models}
          error={error}
          problems={at(problems, "targets")}
          onChange={(targets) => onChange({ ...draft, targets })}
        />
        <FallbacksField
          fallbacks={draft.fallbacks}
          models={models}
          problems={at(problems, "fallbacks")}
          onChange={(fallbacks) => onChange({ ...draft, fallbacks })}
        />
        <DeadlinesField deadlines={draft.deadlines} error={error} onChange={(deadlines) => onChange({ ...draft, deadlines })} />
      </div>
      <div className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
        {beside && <Failure title="The server could not look at this" error={beside} />}
        {may && <PreviewPanel preview={preview} missing={ready ? null : "Give it a name and a target, and what saving would do stands here."} />}
        <div className="flex flex-wrap gap-2">
          {actions}
          <TryModels draft={draft} />
        </div>
        <WhatIfPanel replay={replay} missing={complete(named) ? null : "Choose a model for each target, and what the last calls would have come to stands here."} />
        {ready && <CodeBlock title="hone apply hone.yaml" code={routeYaml(bodyOf(draft))} />}
      </div>
    </div>
  );
}

/** The draft's models can be asked before it counts: beside each other, in a tab of their own, so that the draft stays. */
function TryModels({ draft: { targets, fallbacks } }: { draft: RouteDraft }) {
  const [model, compare] = [...new Set([...targets.map((target) => target.model), ...fallbacks])].filter((name) => name !== "");
  if (model === undefined) return null;
  const search = new URLSearchParams({ model, ...(compare !== undefined && { compare }) });
  return (
    <a href={`${paths.playground}?${search.toString()}`} target="_blank" rel="noreferrer" className={outlineLink}>
      <MessageSquareText aria-hidden="true" className="size-4" /> {compare === undefined ? "Try this model" : "Try these models"}
      <span className="sr-only">(opens a new tab)</span>
    </a>
  );
}
