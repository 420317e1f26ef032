import { useState, type SubmitEvent } from "react";

import { EntranceField, PasswordField } from "./entrance-field";
import { choices, lockedUntil } from "./locked";
import { useSignIn } from "./queries";
import { useCountdown } from "./use-countdown";

import { ApiError } from "@/api/client";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { span } from "@/lib/time";

/** E-mail address, password, and the organization where one is not enough to tell. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const organizations = choices(signIn.error);
  const locked = useCountdown(lockedUntil(signIn.error));

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (locked === 0) signIn.mutate({ email: email.trim(), password }, { onSuccess: onDone });
  }

  if (organizations.length > 0) {
    return (
      <section aria-labelledby="organizations" className="mt-6">
        <h2 id="organizations" className="font-medium">
          Which organization?
        </h2>
        <p className="mt-0.5 text-sm text-quiet">Your address and password are known in several.</p>
        <ul className="mt-3 space-y-2">
          {organizations.map(({ slug, name }, index) => (
            <li key={slug}>
              <Button
                className="h-10 w-full justify-start pointer-coarse:h-11"
                autoFocus={index === 0}
                onClick={() => signIn.mutate({ email: email.trim(), password, organization: slug }, { onSuccess: onDone })}
              >
                {name} <span className="text-quiet">{slug}</span>
              </Button>
            </li>
          ))}
        </ul>
        <Button look="quiet" className="mt-3 -ml-3" onClick={() => signIn.reset()}>
          Use another address
        </Button>
      </section>
    );
  }

  return (
    <form onSubmit={submit} className="mt-6 space-y-4">
      <Refusal error={signIn.error} locked={locked} />
      <EntranceField
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        required
        maxLength={320}
        value={email}
        onChange={setEmail}
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        maxLength={1024}
        value={password}
        onChange={setPassword}
      />
      <Button look="primary" type="submit" className="h-10 w-full pointer-coarse:h-11" disabled={signIn.isPending || locked > 0}>
        {locked > 0 ? `Try again in ${span(locked)}` : signIn.isPending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

function Refusal({ error, locked }: { error: Error | null; locked: number }) {
  if (!error) return null;
  if (lockedUntil(error) !== null) {
    // The countdown is on the button: an alert that changed every second would be read out every second.
    return (
      <Notice tone={locked > 0 ? "bad" : "info"} title={locked > 0 ? "Too many attempts" : "You can try again"}>
        {locked > 0 ? "Signing in with this address waits, so that nobody can guess the password. Nothing else is affected." : null}
      </Notice>
    );
  }
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <Notice tone="bad" title="You are not signed in">
      {error.message}
      {requestId && <span className="mt-0.5 block text-xs text-quiet">Request id {requestId}</span>}
    </Notice>
  );
}
