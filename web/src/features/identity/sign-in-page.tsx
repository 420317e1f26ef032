import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";

import { KeyField } from "./key-field";
import { meQuery, tryKey } from "./queries";

import { session } from "@/api/session";
import { Logo } from "@/components/logo";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";


/** Where an API key becomes a session. */
export default function SignInPage() {
  const { next } = useSearch({ from: paths.signIn });
  const router = useRouter();
  const queries = useQueryClient();
  const [key, setKey] = useState("");
  const ended = session.ended();

  const signIn = useMutation({
    mutationFn: tryKey,
    onSuccess: async (me, accepted) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      session.begin(accepted);
      await router.navigate({ to: next ?? paths.overview, replace: true });
    },
  });

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (key.trim() !== "") signIn.mutate(key.trim());
  }

  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <title>Sign in · Hone</title>
      <div className="w-full max-w-100">
        <Logo className="size-10" />
        <h1 className="mt-6 text-title font-semibold tracking-tight">Sign in to Hone</h1>
        <p className="mt-1 text-pretty text-quiet">
          One address for every model: calls are routed, metered and kept, so that every answer can make the next one
          better.
        </p>

        {ended !== null && !signIn.isError && (
          <Notice tone="warn" title="Your session ended" className="mt-6">
            {ended}
          </Notice>
        )}

        <form onSubmit={submit} className="mt-6">
          <KeyField value={key} onChange={setKey} error={signIn.error} />
          <Button look="primary" type="submit" className="mt-4 h-10 w-full" disabled={signIn.isPending}>
            {signIn.isPending ? "Checking the key…" : "Sign in"}
          </Button>
        </form>

        <dl className="mt-8 space-y-3 border-t border-line pt-6 text-sm">
          <Hint term="Where is my key?" command="hone up">
            prints an admin key once, at its first start.
          </Hint>
          <Hint term="Need another one?" command="hone keys create">
            makes one, where Hone runs.
          </Hint>
        </dl>
        <p className="mt-6 text-xs text-quiet">The key stays in this tab and is forgotten when you close it.</p>
      </div>
    </main>
  );
}

function Hint({ term, command, children }: { term: string; command: string; children: string }) {
  return (
    <div>
      <dt className="font-medium">{term}</dt>
      <dd className="text-quiet">
        <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-xs text-ink">{command}</code> {children}
      </dd>
    </div>
  );
}
