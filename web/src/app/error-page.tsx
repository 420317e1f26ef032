import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";

import { NotPermitted } from "./not-permitted";

import { session } from "@/api/session";
import { Failure } from "@/components/failure";
import { Logo } from "@/components/logo";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

function useRetry(reset: () => void): () => void {
  const router = useRouter();
  return () => {
    reset();
    void router.invalidate();
  };
}

/** A page that failed while the rest of the dashboard stands. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const retry = useRetry(reset);
  if (error instanceof NotPermitted) {
    return (
      <>
        <h1 className="sr-only">This page cannot be used</h1>
        <Notice tone="info" title="This page is not part of your role">
          {error.message}
        </Notice>
      </>
    );
  }
  return <Failure title="This page could not be shown" error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />;
}

/** A dashboard that could not be shown at all. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const retry = useRetry(reset);
  return (
    <main className="mx-auto max-w-xl space-y-6 px-4 py-24">
      <title>Something failed · Hone</title>
      <Logo className="size-10" />
      <h1 className="text-title font-semibold tracking-tight">This page could not be shown</h1>
      <Failure title="What happened" error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
      {session.open() && <Button onClick={() => session.end()}>Sign out</Button>}
    </main>
  );
}

export function NotFoundPage() {
  return (
    <main className="mx-auto max-w-xl space-y-4 px-4 py-24">
      <title>No such page · Hone</title>
      <Logo className="size-10" />
      <h1 className="text-title font-semibold tracking-tight">There is no page at this address</h1>
      <p className="text-quiet">It may have been renamed, or the link was cut off.</p>
      <Link to={paths.overview} className="inline-block font-medium text-accent-ink underline underline-offset-4">
        Go to the overview
      </Link>
    </main>
  );
}
