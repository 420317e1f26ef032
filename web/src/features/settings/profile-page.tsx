import { useState, type SubmitEvent } from "react";

import { useChangePassword, useRename } from "./queries";

import { ApiError } from "@/api/client";
import { useMe } from "@/api/me";
import { Failure } from "@/components/failure";
import { SecretField } from "@/components/form/secret-field";
import { TextField } from "@/components/form/text-field";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { PageHead } from "@/components/page-head";
import { toasts } from "@/components/toast/store";
import { Button } from "@/components/ui/button";

const SHORTEST = 12;

/** One's own name and password. */
export default function ProfilePage() {
  return (
    <div className="max-w-2xl">
      <PageHead title="Profile">How others see you, and how you sign in.</PageHead>
      <NameForm />
      <section aria-labelledby="password" className="mt-8 border-t border-line pt-6">
        <h2 id="password" className="mb-4 text-base font-semibold">
          Password
        </h2>
        <PasswordForm />
      </section>
    </div>
  );
}

function NameForm() {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const { mutate, error, isPending } = useRename();
  const form = useFirstWrong<HTMLFormElement>(error);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutate(name.trim(), { onSuccess: () => toasts.show("Saved your name") });
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4">
      <TextField
        label="Name"
        help="Shown wherever you did something."
        value={name}
        onChange={setName}
        error={error?.message}
        autoComplete="name"
        required
        maxLength={120}
      />
      <Button type="submit" look="primary" disabled={isPending || name.trim() === me.name}>
        {isPending ? "Saving…" : "Save the name"}
      </Button>
    </form>
  );
}

/** Which field a refusal belongs to; null when it belongs to none. */
function fieldOf(error: Error | null): "current" | "new" | null {
  const code = error instanceof ApiError ? error.code : null;
  return code === "password_wrong" ? "current" : code === "password_weak" ? "new" : null;
}

/** What is wrong with a password to be, before it is sent. */
const tooShort = (password: string): string | null =>
  password !== "" && password.length < SHORTEST ? `${SHORTEST - password.length} more characters are needed.` : null;

function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const { mutate, error, isPending } = useChangePassword();
  const form = useFirstWrong<HTMLFormElement>(error);
  const field = fieldOf(error);
  const said = (of: "current" | "new") => (field === of && error ? error.message : null);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const done = () => {
      setCurrent("");
      setNext("");
      toasts.show("Changed the password; your other sessions ended");
    };
    mutate({ current, new: next }, { onSuccess: done });
  }

  return (
    <form ref={form} onSubmit={submit} className="space-y-4">
      {error && field === null && <Failure title="The password was not changed" error={error} />}
      <SecretField
        label="Present password"
        value={current}
        onChange={setCurrent}
        autoComplete="current-password"
        error={said("current")}
        required
      />
      <SecretField
        label="New password"
        help={`${SHORTEST} characters or more. Your other sessions end.`}
        value={next}
        onChange={setNext}
        autoComplete="new-password"
        error={said("new") ?? tooShort(next)}
        required
      />
      <Button type="submit" look="primary" disabled={isPending || next.length < SHORTEST}>
        {isPending ? "Changing…" : "Change the password"}
      </Button>
    </form>
  );
}
