import { useQuery } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { organizationQuery, useUpdateOrganization } from "./queries";

import type { OrganizationRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { errorAt, errorBeside } from "@/components/form/errors";
import { SelectField } from "@/components/form/select-field";
import { TextField } from "@/components/form/text-field";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { PageHead } from "@/components/page-head";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

type ContentMode = OrganizationRead["contentMode"];

const modes = [
  { value: "full", label: "prompts and answers, sealed" },
  { value: "none", label: "figures only" },
];

/** The organization's name, and what is kept of its calls. */
export default function OrganizationPage() {
  const { data, error, refetch } = useQuery(organizationQuery);
  return (
    <div className="max-w-2xl">
      <PageHead title="Organization">What everybody here shares.</PageHead>
      {error && <Failure title="The organization could not be loaded" error={error} onRetry={() => void refetch()} />}
      {data && <Form key={data.id} of={data} />}
      {!data && !error && (
        <div role="status" aria-label="Loading the organization" className="space-y-4">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-16 w-full" />
        </div>
      )}
    </div>
  );
}

function Form({ of: organization }: { of: OrganizationRead }) {
  const [name, setName] = useState(organization.name);
  const [contentMode, setContentMode] = useState<ContentMode>(organization.contentMode);
  const { mutate, error, isPending } = useUpdateOrganization();
  const form = useFirstWrong<HTMLFormElement>(error);
  const beside = errorBeside(error, ["name", "contentMode"]);
  const same = name.trim() === organization.name && contentMode === organization.contentMode;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutate({ name: name.trim(), contentMode }, { onSuccess: () => toasts.show("Saved the organization") });
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4">
      {beside && <Failure title="Nothing was changed" error={beside} />}
      <TextField
        label="Name"
        help="Shown to everybody who signs in."
        value={name}
        onChange={setName}
        error={errorAt(error, "name")}
        required
        maxLength={120}
      />
      <SelectField
        label="What is kept of a call"
        help="Counts for calls from now on. Without prompts and answers nothing can be read again, judged or learned from."
        value={contentMode}
        onChange={(value) => setContentMode(value as ContentMode)}
        options={modes}
        error={errorAt(error, "contentMode")}
      />
      <Button type="submit" look="primary" disabled={isPending || same}>
        {isPending ? "Saving…" : "Save the organization"}
      </Button>
    </form>
  );
}
