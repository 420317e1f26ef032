import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { PlugZap } from "lucide-react";
import { useState, type SubmitEvent } from "react";

import { draftOfProvider, probeOf, providerBody, providerYaml, withKind } from "./provider-draft";
import { ProviderFields } from "./provider-fields";
import { ProviderTestResult } from "./provider-test-result";
import { kindsQuery } from "./queries";
import { useProviderCommands } from "./use-provider-commands";

import { useMay } from "@/api/me";
import type { ProviderRead } from "@/api/schema.gen";
import { CodeBlock } from "@/components/code-block";
import { Failure } from "@/components/failure";
import { errorBeside } from "@/components/form/errors";
import { Button } from "@/components/ui/button";

const FIELDS = ["name", "kind", "baseUrl", "apiKey"];

/** Adds or changes a provider; what is entered can be tested before it is saved. */
export function ProviderForm({ provider }: { provider: ProviderRead | null }) {
  const navigate = useNavigate();
  const mayWrite = useMay("providers:write");
  const kinds = useQuery(kindsQuery);
  const [draft, setDraft] = useState(() => draftOfProvider(provider));
  const { save, test } = useProviderCommands();
  const error = save.error ?? test.error;
  const beside = errorBeside(error, FIELDS);
  const known = kinds.data?.items ?? [{ kind: draft.kind, baseUrl: null }];

  function submit(event: SubmitEvent) {
    event.preventDefault();
    test.reset();
    save.mutate(
      { body: providerBody(draft, provider), present: provider },
      { onSuccess: ({ id }) => void navigate({ to: "/providers/$providerId", params: { providerId: id } }) },
    );
  }

  function look() {
    save.reset();
    test.mutate(probeOf(draft, provider));
  }

  return (
    <div className="grid gap-x-12 gap-y-8 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <form onSubmit={submit} className="min-w-0">
        <fieldset disabled={!mayWrite} className="min-w-0 space-y-6">
          <ProviderFields
            draft={draft}
            sealed={provider?.hasCredential ?? false}
            kinds={known}
            error={error}
            onChange={setDraft}
            onKind={(kind) => {
              setDraft(withKind(draft, kind, known));
              test.reset();
            }}
          />
          {beside && <Failure title={save.error ? "Nothing was saved" : "It could not be tested"} error={beside} />}
          {mayWrite && (
            <Actions
              save={provider ? "Save changes" : "Add the provider"}
              saving={save.isPending}
              testing={test.isPending}
              named={draft.name.trim() !== ""}
              onTest={look}
            />
          )}
        </fieldset>
      </form>
      <div className="min-w-0 space-y-4 xl:sticky xl:top-8 xl:self-start">
        <ProviderTestResult test={test.data} running={test.isPending} />
        <CodeBlock title="hone apply -f" code={providerYaml(draft)} />
      </div>
    </div>
  );
}

interface ActionsProps {
  save: string;
  saving: boolean;
  testing: boolean;
  named: boolean;
  onTest: () => void;
}

function Actions({ save, saving, testing, named, onTest }: ActionsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" type="submit" disabled={saving || !named}>
        {saving ? "Saving…" : save}
      </Button>
      <Button disabled={testing} onClick={onTest}>
        <PlugZap aria-hidden="true" /> {testing ? "Testing…" : "Test the connection"}
      </Button>
    </div>
  );
}
