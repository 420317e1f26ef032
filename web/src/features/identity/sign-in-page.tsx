import { useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { LogIn } from "lucide-react";

import { Entrance } from "./entrance";
import { signInOfferQuery } from "./queries";
import { SignInForm } from "./sign-in-form";

import type { SignInOptions } from "@/api/schema.gen";
import { session } from "@/api/session";
import { Notice } from "@/components/notice";
import { paths } from "@/lib/paths";

/** What a sign-in elsewhere came back with; other codes say no more than that it failed. */
const refusals: Record<string, string> = {
  oidc_denied: "The sign-in was cancelled at the other side.",
  oidc_email_unverified: "The other side has not verified your e-mail address.",
  oidc_domain: "Addresses of this domain may not sign in here.",
  oidc_unknown_person: "Nobody here has your address. Ask an administrator for an invitation.",
  oidc_expired: "That took too long, or was begun in another browser. Begin again.",
};

/** Where an e-mail address and a password become a session. */
export default function SignInPage() {
  const { next, error } = useSearch({ from: paths.signIn });
  const router = useRouter();
  const { data: offer } = useQuery(signInOfferQuery);
  const ended = session.ended();

  return (
    <Entrance
      title="Sign in to Hone"
      lead="One address for every model: calls are routed, metered and kept, so that every answer can make the next one better."
    >
      {ended !== null && (
        <Notice tone="warn" title="Your session ended" className="mt-6">
          {ended} {next && "After signing in you are back where you were."}
        </Notice>
      )}
      {error && (
        <Notice tone="bad" title="You are not signed in" className="mt-6">
          {refusals[error] ?? "The sign-in with your organization's account failed. Try again, or use your password."}
        </Notice>
      )}
      <SignInForm onDone={() => void router.navigate({ to: next ?? paths.overview, replace: true })} />
      {offer && offer.oidc.length > 0 && <Elsewhere providers={offer.oidc} next={next} />}
      <p className="mt-6 border-t border-line pt-4 text-sm">
        <Link to={paths.forgotPassword} className="hit font-medium text-accent-ink underline underline-offset-4">
          Forgot your password?
        </Link>
      </p>
    </Entrance>
  );
}

function Elsewhere({ providers, next }: { providers: SignInOptions["oidc"]; next: string | undefined }) {
  return (
    <div className="mt-4 space-y-2">
      <p className="text-center text-sm text-quiet">or</p>
      {providers.map(({ id, name }) => (
        <a
          key={id}
          href={`/api/identity/oidc/${encodeURIComponent(id)}/start?next=${encodeURIComponent(next ?? paths.overview)}`}
          className="flex h-10 items-center justify-center gap-1.5 rounded-md border border-edge bg-surface px-3 text-sm hover:bg-sunken pointer-coarse:h-11"
        >
          <LogIn aria-hidden="true" className="size-4" /> Sign in with {name}
        </a>
      ))}
    </div>
  );
}
