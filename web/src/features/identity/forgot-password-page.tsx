import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";

import { Entrance } from "./entrance";
import { EntranceField } from "./entrance-field";
import { signInOfferQuery, useForgotPassword } from "./queries";

import { Failure } from "@/components/failure";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";

/** What happens after one asks, by how this installation can tell. */
const ways = {
  email: "If the address belongs to somebody here, a link is on its way. It works once, for an hour.",
  console: "If the address belongs to somebody here, a link is printed on the console where Hone runs. It works once, for an hour.",
  administrator: "No mail is sent from here. An administrator makes a link for you on the page People.",
};

/** Asks for a link that sets a new password. */
export default function ForgotPasswordPage() {
  const { data: offer, error, refetch } = useQuery(signInOfferQuery);
  const way = offer?.passwordReset;
  return (
    <Entrance
      title="Set a new password"
      lead={way === "administrator" ? ways.administrator : "You get a link that sets a new password. The old one works until then."}
    >
      <div className="mt-6 space-y-4">
        {error && <Failure title="The server could not be asked" error={error} onRetry={() => void refetch()} />}
        {way !== "administrator" && <Asking after={ways[way ?? "email"]} />}
      </div>
      <p className="mt-6 border-t border-line pt-4 text-sm">
        <Link to={paths.signIn} className="hit font-medium text-accent-ink underline underline-offset-4">
          Back to signing in
        </Link>
      </p>
    </Entrance>
  );
}

function Asking({ after }: { after: string }) {
  const [email, setEmail] = useState("");
  const { mutate, error, isPending, isSuccess } = useForgotPassword();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutate(email.trim());
  }

  if (isSuccess) {
    return (
      <Notice tone="info" title="Look for the link">
        {after}
      </Notice>
    );
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      {error && <Failure title="No link was asked for" error={error} />}
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
      <Button look="primary" type="submit" className="h-10 w-full pointer-coarse:h-11" disabled={isPending}>
        {isPending ? "Asking…" : "Send the link"}
      </Button>
    </form>
  );
}
