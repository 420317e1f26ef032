import { useQuery } from "@tanstack/react-query";

import { sessionsQuery, useEndOthers, useEndSession } from "./queries";

import type { SessionRead } from "@/api/schema.gen";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { Failure } from "@/components/failure";
import { PageHead } from "@/components/page-head";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";
import { When } from "@/components/when";

const columns: Column<SessionRead>[] = [
  { id: "browser", header: "Browser", cell: ({ userAgent }) => userAgent, priority: 1, fixed: true },
  { id: "address", header: "Address", cell: ({ address }) => <code className="font-mono text-xs">{address}</code>, width: "10rem" },
  { id: "method", header: "Signed in by", cell: ({ method }) => method, priority: 3, width: "8rem" },
  { id: "created", header: "Since", cell: ({ createdAt }) => <When at={createdAt} />, priority: 3, width: "7rem" },
  { id: "seen", header: "Last seen", cell: ({ lastSeenAt }) => <When at={lastSeenAt} />, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
  { id: "end", header: "Sign out", cell: (session) => <End session={session} />, priority: 1, width: "8rem", phoneWidth: "7.5rem", numeric: true },
];

function End({ session }: { session: SessionRead }) {
  const { mutateAsync, isPending } = useEndSession();
  // The row is gone by then; that the session ended is told all the same.
  const told = () => toasts.show(`Signed out ${session.userAgent}`);
  if (session.current) return <span className="text-quiet">this browser</span>;
  return (
    <Button
      disabled={isPending}
      aria-label={`Sign out ${session.userAgent}, ${session.address}`}
      onClick={() => void mutateAsync(session.id).then(told, () => undefined)}
    >
      {isPending ? "Signing out…" : "Sign out"}
    </Button>
  );
}

/** Where one is signed in. */
export default function SessionsPage() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const others = useEndOthers();
  const any = data?.items.some(({ current }) => !current) ?? false;
  return (
    <>
      <PageHead
        title="Sessions"
        action={
          <Button
            disabled={!any || others.isPending}
            onClick={() => others.mutate(undefined, { onSuccess: () => toasts.show("Signed out everywhere else") })}
          >
            Sign out everywhere else
          </Button>
        }
      >
        Where you are signed in. What you do not know is not yours: sign it out, then change your password.
      </PageHead>
      {others.error && <Failure title="The other sessions go on" error={others.error} className="mb-4" />}
      <DataTable
        what="sessions"
        columns={columns}
        rows={data?.items}
        getKey={({ id }) => id}
        error={error}
        onRetry={() => void refetch()}
        empty={<p className="py-6 text-quiet">There is no session: you are here by a key.</p>}
      />
    </>
  );
}
