import { useState, type SubmitEvent } from "react";

import { EntranceField } from "./entrance-field";
import { NewPasswordField } from "./new-password-field";
import { useSetPassword } from "./queries";

import { ApiError } from "@/api/client";
import type { LinkRead } from "@/api/schema.gen";
import { Failure } from "@/components/failure";
import { useFirstWrong } from "@/components/form/use-first-wrong";
import { Button } from "@/components/ui/button";

interface Props {
  token: string;
  link: LinkRead;
  onDone: () => void;
}

const words = {
  invitation: "Set the password and join",
  reset: "Set the password",
};

/** The password, and for who was invited the name that others will see. */
export function SetPasswordForm({ token, link, onDone }: Props) {
  const invited = link.purpose === "invitation";
  const [name, setName] = useState(link.name);
  const [password, setPassword] = useState("");
  const { mutate, error, isPending } = useSetPassword();
  const form = useFirstWrong<HTMLFormElement>(error);
  const weak = error instanceof ApiError && error.code === "password_weak" ? error.message : undefined;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    mutate({ token, password, ...(invited && { name: name.trim() }) }, { onSuccess: onDone });
  }

  return (
    <form ref={form} onSubmit={submit} className="mt-6 space-y-4">
      {error && weak === undefined && <Failure title="Your password was not set" error={error} />}
      {/* Password managers look for the address beside the password. */}
      <input type="email" name="email" autoComplete="username" value={link.email} readOnly hidden />
      {invited && (
        <EntranceField label="Your name" name="name" autoComplete="name" required maxLength={120} value={name} onChange={setName} />
      )}
      <NewPasswordField value={password} onChange={setPassword} email={link.email} autoFocus error={weak} />
      <Button look="primary" type="submit" className="h-10 w-full pointer-coarse:h-11" disabled={isPending}>
        {isPending ? "Setting the password…" : words[link.purpose]}
      </Button>
    </form>
  );
}
