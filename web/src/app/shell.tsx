import { Link, Outlet } from "@tanstack/react-router";
import { Menu, X } from "lucide-react";
import { useRef } from "react";

import { useRecent } from "./command/use-recent";
import { Connection } from "./connection";
import { useFinder } from "./finder";
import { LoadingBar } from "./loading-bar";
import { Sidebar } from "./sidebar";

import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";


/** What surrounds every page: the navigation on the left, or behind a button on a phone. */
export function Shell() {
  const { finder, search } = useFinder();
  useRecent();
  return (
    <div className="lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="absolute top-2 left-2 z-20 -translate-y-16 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to content
      </a>
      <aside className="sticky top-0 hidden h-dvh border-r border-line lg:block">
        <Sidebar onSearch={search} />
      </aside>
      <PhoneBar onSearch={search} />
      <Connection />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-328 px-4 py-6 outline-none sm:px-6 lg:px-12 lg:py-8">
        <Outlet />
      </main>
      <LoadingBar />
      {finder}
    </div>
  );
}

function PhoneBar({ onSearch }: { onSearch: () => void }) {
  const drawer = useRef<HTMLDialogElement>(null);
  const close = () => drawer.current?.close();
  return (
    <header className="sticky top-0 z-10 flex h-12 items-center justify-between border-b border-line bg-canvas px-4 sm:px-6 lg:hidden">
      <Link to={paths.overview} className="hit flex items-center gap-2 rounded-md">
        <Logo />
        <span className="text-lg font-semibold tracking-tight">Hone</span>
      </Link>
      <Button look="quiet" className="-mr-3" onClick={() => drawer.current?.showModal()}>
        <Menu aria-hidden="true" /> Menu
      </Button>
      <dialog
        ref={drawer}
        aria-label="Menu"
        className="m-0 h-dvh max-h-none w-64 bg-canvas text-ink shadow-md backdrop:bg-scrim"
        // A press beside the menu closes it.
        onClick={(event) => event.target === event.currentTarget && close()}
      >
        <Sidebar
          onGo={close}
          onSearch={() => {
            close();
            onSearch();
          }}
        />
        <Button look="quiet" className="absolute top-4 right-3" onClick={close}>
          <X aria-hidden="true" /> Close
        </Button>
      </dialog>
    </header>
  );
}
