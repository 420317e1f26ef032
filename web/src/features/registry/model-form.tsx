import { useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";

import { draftOfModel, modelBody, shownOfModel, traitsRight } from "./model-draft";
import { ModelFields } from "./model-fields";
import { Overtaken } from "./overtaken";
import { providersQuery } from "./queries";
import { TRAITS, TraitsFields } from "./traits-fields";
import { useModelCommands } from "./use-model-commands";
import { useRebased } from "./use-rebased";
import { modelYaml } from "./yaml";

import { useMay } from "@/api/me";
import type { ModelRead } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";

/** What a model is called, where it is and what policies read of it; its price stays as it is. */
export function ModelForm({ model }: { model: ModelRead }) {
  const mayWrite = useMay("models:write");
  const providers = useQuery({ ...providersQuery, enabled: useMay("providers:read") });
  const edited = useRebased(model, draftOfModel);
  const { draft, edit, base, same, overtaken, begin } = edited;
  const { save } = useModelCommands();
  const form = useFirstWrong<HTMLFormElement>(save.error);
  const body = modelBody(draft, null, model);
  const beside = errorBeside(save.error, ["name", "provider", "upstream", ...TRAITS]);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    save.mutate({ body, present: base }, { onSuccess: begin });
  }

  return (
    <section aria-labelledby="identity" className="space-y-4">
      <h2 id="identity" className="text-lg font-semibold">
        Name, place and traits
      </h2>
      <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <form ref={form} onSubmit={submit} className="min-w-0">
          <fieldset disabled={!mayWrite} className="min-w-0 space-y-6">
            <ModelFields
              draft={draft}
              providers={providers.data?.items ?? []}
              error={save.error}
              onChange={edit}
            />
            <TraitsFields draft={draft} error={save.error} onChange={edit} />
            <Overtaken what="model" edited={edited} present={model} shown={shownOfModel} saving={save.isPending} />
            {beside && !overtaken && <Failure title="Nothing was saved" error={beside} />}
            {mayWrite && <Save saving={save.isPending} idle={same || overtaken || !traitsRight(draft)} />}
          </fieldset>
        </form>
        <div className="min-w-0">
          <CodeBlock title="hone apply hone.yaml" code={modelYaml(body)} />
        </div>
      </div>
    </section>
  );
}

function Save({ saving, idle }: { saving: boolean; idle: boolean }) {
  return (
    <Button look="primary" type="submit" disabled={saving || idle}>
      {saving ? "Saving…" : "Save changes"}
    </Button>
  );
}
