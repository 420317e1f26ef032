import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";

import { Entrance } from "./entrance";
import { passwordLinkQuery } from "./queries";
import { SetPasswordForm } from "./set-password-form";

import { ApiError } from "@/api/client";
import type { LinkRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { paths } from "@/lib/paths";
import { fullTime } from "@/lib/time";

/** Where an invitation is accepted, and where a forgotten password becomes a new one. */
export default function SetPasswordPage() {
  const { token = "" } = useSearch({ from: paths.setPassword });
  const { data: link, error, refetch } = useQuery(passwordLinkQuery(token));
  if (link) return <SetPassword token={token} link={link} />;
  if (error instanceof ApiError && error.status < 500) return <Expired />;
  return (
    <Entrance title="Set your password" lead="The link is checked first.">
      <div className="mt-6">
        {error ? (
          <Failure title="The link could not be checked" error={error} onRetry={() => void refetch()} />
        ) : (
          <div role="status" aria-label="Checking the link" className="space-y-4">
            <Skeleton className="h-16 w-full" />
            <Skeleton className="h-16 w-full" />
          </div>
        )}
      </div>
    </Entrance>
  );
}

function Expired() {
  return (
    <Entrance title="This link works no more" lead="A link works once and for a limited time. Nothing was changed.">
      <Notice tone="info" title="What to do" className="mt-6">
        Were you invited? Ask the person who invited you for a new link. Did you forget your password?{" "}
        <Link to={paths.forgotPassword} className="font-medium text-accent-ink underline underline-offset-4">
          Ask for another link
        </Link>
        . If you have a password already,{" "}
        <Link to={paths.signIn} className="font-medium text-accent-ink underline underline-offset-4">
          sign in
        </Link>
        .
      </Notice>
    </Entrance>
  );
}

function SetPassword({ token, link }: { token: string; link: LinkRead }) {
  const router = useRouter();
  const invited = link.purpose === "invitation";
  const address = <strong className="font-medium text-ink">{link.email}</strong>;
  return (
    <Entrance
      title={invited ? `Join ${link.organization.name}` : "Set a new password"}
      lead={
        invited ? (
          <>You will sign in as {address}.</>
        ) : (
          <>
            For {address} in {link.organization.name}. Every other session of yours ends.
          </>
        )
      }
    >
      <SetPasswordForm
        token={token}
        link={link}
        onDone={() => void router.navigate({ to: paths.overview, replace: true })}
      />
      <p className="mt-4 text-xs text-quiet">This link works once, until {fullTime(link.expiresAt)}.</p>
    </Entrance>
  );
}
