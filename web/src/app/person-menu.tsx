import { Link } from "@tanstack/react-router";
import { ChevronsUpDown, LogOut, UserRound } from "lucide-react";
import { useId, useRef } from "react";

import { ThemeSwitch } from "./theme-switch";

import { useMe } from "@/api/me";
import { Button } from "@/components/ui/button";
import { useSignOut } from "@/features/identity/queries";
import { paths } from "@/lib/paths";

/** Who one is, how it looks, and the way out. */
export function PersonMenu({ onGo }: { onGo?: (() => void) | undefined }) {
  const me = useMe();
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const signOut = useSignOut();
  const go = () => {
    menu.current?.hidePopover();
    onGo?.();
  };

  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm hover:bg-sunken pointer-coarse:min-h-11"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium" title={me.organization.name}>
            {me.organization.name}
          </span>
          <span className="block truncate text-quiet" title={me.role ? `${me.name}, ${me.role}` : me.name}>
            {me.name}
            {me.role && ` · ${me.role}`}
          </span>
        </span>
        <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-quiet" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="group"
        aria-label="You"
        className="inset-auto bottom-20 left-3 m-0 w-60 space-y-3 rounded-md border border-line bg-surface p-3 text-ink shadow-md"
      >
        <Link
          to={paths.profile}
          onClick={go}
          className="-mx-1 flex h-8 items-center gap-1.5 rounded-md px-2 text-sm text-quiet hover:bg-sunken hover:text-ink pointer-coarse:h-11"
        >
          <UserRound aria-hidden="true" className="size-4" /> Your profile
        </Link>
        <ThemeSwitch />
        <Button
          look="quiet"
          className="-mx-1 w-full justify-start px-2 pointer-coarse:h-11"
          disabled={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          <LogOut aria-hidden="true" /> {signOut.isPending ? "Signing out…" : "Sign out"}
        </Button>
        {signOut.error && (
          <p role="alert" className="text-sm text-bad">
            You are still signed in. {signOut.error.message}
          </p>
        )}
      </div>
    </>
  );
}
