import { CircleCheck, RotateCw } from "lucide-react";

import { useProviderTest } from "./queries";

import type { OidcRead, OidcTested } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";

/** Whether a provider answers as one that can be signed in at; asked as soon as one looks. */
export function Discovery({ of: { id, version, issuer } }: { of: OidcRead }) {
  const { data, error, isFetching, refetch } = useProviderTest(id, version);
  return (
    <section aria-labelledby="discovery" aria-live="polite" className="mt-8 space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 id="discovery" className="font-semibold">
          Test
        </h3>
        <Button disabled={isFetching} onClick={() => void refetch()}>
          <RotateCw aria-hidden="true" /> {isFetching ? "Testing…" : "Test again"}
        </Button>
      </div>
      {isFetching ? <Skeleton className="h-11 w-full" /> : error ? <Failure title="It could not be tested" error={error} /> : data && <Result {...data} issuer={issuer} />}
    </section>
  );
}

function Result({ works, problem, issuer }: OidcTested & Pick<OidcRead, "issuer">) {
  if (works) {
    return (
      <p className="flex gap-1.5">
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
        It answers with its configuration and its keys. The client id and the secret are tried when somebody signs in.
      </p>
    );
  }
  const configuration = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  return (
    <Notice tone="bad" title={problem ?? "It does not work."}>
      Nobody can sign in with it as it is. Compare the issuer with what <code className="font-mono text-xs break-all">{configuration}</code> says.
    </Notice>
  );
}
