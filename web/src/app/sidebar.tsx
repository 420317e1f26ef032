import { Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";

import { navigation } from "./navigation";
import { ThemeSwitch } from "./theme-switch";

import type { Me } from "@/api/schema";
import { session } from "@/api/session";
import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";


/** Where one can go, and who one is. */
export function Sidebar({ me, onGo }: { me: Me; onGo?: () => void }) {
  return (
    <div className="flex h-full flex-col gap-6 px-3 py-4">
      <Link to={paths.overview} {...(onGo && { onClick: onGo })} className="hit flex h-8 items-center gap-2 self-start rounded-md px-2">
        <Logo />
        <span className="text-lg font-semibold tracking-tight">Hone</span>
      </Link>
      <nav aria-label="Pages" className="flex-1 space-y-5 overflow-y-auto">
        {navigation.map((group) => {
          const items = group.items.filter(({ can }) => me.permissions.includes(can));
          if (items.length === 0) return null;
          return (
            <div key={group.title ?? "top"}>
              {group.title && <h2 className="mb-1 px-2 text-xs font-medium text-quiet">{group.title}</h2>}
              <ul className="space-y-0.5">
                {items.map(({ title, path, Icon }) => (
                  <li key={path}>
                    <Link
                      to={path}
                      {...(onGo && { onClick: onGo })}
                      activeOptions={{ exact: path === paths.overview, includeSearch: false }}
                      className="flex h-8 items-center gap-2 rounded-md px-2 text-quiet hover:bg-sunken hover:text-ink pointer-coarse:h-11 aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink"
                    >
                      <Icon aria-hidden="true" className="size-4" /> {title}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <div className="space-y-3 border-t border-line px-2 pt-4">
        <div className="min-w-0 text-sm">
          <p className="truncate font-medium" title={me.organization.name}>
            {me.organization.name}
          </p>
          <p className="truncate text-quiet" title={`${me.name}, ${me.role}`}>
            {me.name} · {me.role}
          </p>
        </div>
        <ThemeSwitch />
        <Button look="quiet" className="-ml-2 w-full justify-start px-2" onClick={() => session.end()}>
          <LogOut aria-hidden="true" /> Sign out
        </Button>
      </div>
    </div>
  );
}
