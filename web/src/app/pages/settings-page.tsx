import { Link, Outlet } from "@tanstack/react-router";

import { settings, usable } from "../navigation";

import { useMe } from "@/api/me";
import { useStrip } from "@/lib/use-strip";

/** The settings that one may see, with one of them open. */
export default function SettingsPage() {
  const { permissions } = useMe();
  const strip = useStrip();
  return (
    <div className="gap-x-12 gap-y-6 xl:grid xl:grid-cols-[10rem_minmax(0,1fr)]">
      <nav
        ref={strip}
        aria-label="Settings"
        className="mb-6 scroll-px-12 overflow-x-auto data-more-after:mask-r-from-[calc(100%-3rem)] data-more-before:mask-l-from-[calc(100%-3rem)] xl:sticky xl:top-8 xl:self-start"
      >
        <ul className="flex gap-1 xl:flex-col xl:gap-0.5">
          {usable(settings, permissions).map(({ title, path }) => (
            <li key={path}>
              <Link
                to={path}
                className="flex h-8 items-center rounded-md px-2 whitespace-nowrap text-quiet hover:bg-sunken hover:text-ink pointer-coarse:h-11 aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink"
              >
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0">
        <Outlet />
      </div>
    </div>
  );
}
