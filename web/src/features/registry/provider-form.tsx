import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { PlugZap } from "lucide-react";
import type { SubmitEvent } from "react";

import { Overtaken } from "./overtaken";
import { draftOfProvider, probeOf, providerBody, providerYaml, withKind } from "./provider-draft";
import { ProviderFields } from "./provider-fields";
import { ProviderTestResult } from "./provider-test-result";
import { kindsQuery } from "./queries";
import { useProviderCommands } from "./use-provider-commands";
import { useRebased } from "./use-rebased";

import { useMay } from "@/api/me";
import type { ProviderRead } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";

const FIELDS = ["name", "kind", "baseUrl", "apiKey"];

/** Adds or changes a provider; what is entered can be tested before it is saved. */
export function ProviderForm({ provider }: { provider: ProviderRead | null }) {
  const navigate = useNavigate();
  const mayWrite = useMay("providers:write");
  const kinds = useQuery(kindsQuery);
  const edited = useRebased(provider, draftOfProvider);
  const { draft, edit, base, begin } = edited;
  const { save, test } = useProviderCommands();
  const refused = save.error ?? test.error;
  const form = useFirstWrong<HTMLFormElement>(refused);
  const known = kinds.data?.items ?? [{ kind: draft.kind, baseUrl: null }];

  function submit(event: SubmitEvent) {
    event.preventDefault();
    test.reset();
    save.mutate(
      { body: providerBody(draft, base), present: base },
      {
        onSuccess: (saved) => {
          begin(saved);
          void navigate({ to: "/providers/$providerId", params: { providerId: saved.id } });
        },
      },
    );
  }

  function look() {
    save.reset();
    test.mutate(probeOf(draft, provider));
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form ref={form} onSubmit={submit} className="min-w-0">
        <fieldset disabled={!mayWrite} className="min-w-0 space-y-6">
          <ProviderFields
            draft={draft}
            sealed={provider?.hasCredential ?? false}
            kinds={known}
            error={refused}
            onChange={edit}
            onKind={(kind) => {
              edit(withKind(draft, kind, known));
              test.reset();
            }}
          />
          <Overtaken what="provider" edited={edited} present={provider} shown={placeOf} saving={save.isPending} />
          {!edited.overtaken && <Trouble saving={save.error} testing={test.error} />}
          {mayWrite && (
            <Actions
              save={provider ? "Save changes" : "Add the provider"}
              saving={save.isPending}
              testing={test.isPending}
              ready={draft.name.trim() !== "" && !edited.overtaken}
              onTest={look}
            />
          )}
        </fieldset>
      </form>
      <div className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
        <ProviderTestResult test={test.data} running={test.isPending} />
        <CodeBlock title="hone apply hone.yaml" code={providerYaml(draft, provider)} />
      </div>
    </div>
  );
}

const placeOf = (provider: ProviderRead | null) => (provider ? { name: provider.name, kind: provider.kind, baseUrl: provider.baseUrl } : {});

/** What went wrong that concerns no single field. */
function Trouble({ saving, testing }: { saving: Error | null; testing: Error | null }) {
  const beside = errorBeside(saving ?? testing, FIELDS);
  return beside && <Failure title={saving ? "Nothing was saved" : "It could not be tested"} error={beside} />;
}

interface ActionsProps {
  save: string;
  saving: boolean;
  testing: boolean;
  ready: boolean;
  onTest: () => void;
}

function Actions({ save, saving, testing, ready, onTest }: ActionsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" type="submit" disabled={saving || !ready}>
        {saving ? "Saving…" : save}
      </Button>
      <Button disabled={testing} onClick={onTest}>
        <PlugZap aria-hidden="true" /> {testing ? "Testing…" : "Test the connection"}
      </Button>
    </div>
  );
}
