import { Link } from "@tanstack/react-router";
import { Search, type LucideIcon } from "lucide-react";

import { CriticalAlerts } from "./critical-alerts";
import { Key, modifier } from "./key";
import { navigation, settingsEntry, usable, type Item } from "./navigation";
import { PersonMenu } from "./person-menu";

import { useMe } from "@/api/me";
import { Logo } from "@/components/logo";
import { Button } from "@/components/ui/button";
import { paths, type PagePath } from "@/lib/paths";

interface Props {
  onGo?: () => void;
  onSearch: () => void;
}

/** Where one can go, and who one is. */
export function Sidebar({ onGo, onSearch }: Props) {
  const { permissions } = useMe();
  return (
    <div className="flex h-full flex-col gap-3 px-3 pt-4 pb-2 tall:gap-4 tall:py-4 lg:gap-2">
      <div className="flex flex-col gap-3 lg:flex-row lg:items-center lg:justify-between">
        <Link to={paths.overview} onClick={onGo} className="hit flex h-8 items-center gap-2 self-start rounded-md px-2">
          <Logo />
          <span className="text-lg font-semibold tracking-tight">Hone</span>
        </Link>
        <Button className="px-2 text-quiet pointer-coarse:h-11" title="Find" onClick={onSearch}>
          <span className="flex flex-1 items-center gap-2">
            <Search aria-hidden="true" /> <span className="lg:pointer-fine:sr-only">Find</span>
          </span>
          <span aria-hidden="true" className="pointer-coarse:hidden">
            <Key>{`${modifier} K`}</Key>
          </span>
        </Button>
      </div>
      <nav aria-label="Pages" className="flex-1 space-y-1.5 overflow-y-auto tall:space-y-3">
        {navigation.map((group) => {
          const items = usable(group.items, permissions);
          if (items.length === 0) return null;
          return (
            <div key={group.title ?? "top"}>
              {group.title && <h2 className="mb-0.5 px-2 text-xs font-medium text-quiet">{group.title}</h2>}
              <ul className="tall:space-y-0.5">
                {items.map((item) => (
                  <Entry key={item.path} {...item} onGo={onGo} />
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <div className="space-y-0.5 border-t border-line pt-1.5 tall:space-y-2 tall:pt-3">
        <ul>
          <Entry {...settingsEntry} onGo={onGo} />
        </ul>
        <PersonMenu onGo={onGo} />
      </div>
    </div>
  );
}

interface EntryProps {
  title: string;
  path: PagePath;
  Icon: LucideIcon;
  counts?: Item["counts"];
  onGo: (() => void) | undefined;
}

function Entry({ title, path, Icon, counts, onGo }: EntryProps) {
  return (
    <li>
      <Link
        to={path}
        onClick={onGo}
        activeOptions={{ exact: path === paths.overview, includeSearch: false }}
        className="flex h-7 items-center gap-2 rounded-md px-2 text-quiet tall:pointer-fine:h-8 hover:bg-sunken hover:text-ink pointer-coarse:h-11 aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink"
      >
        <Icon aria-hidden="true" className="size-4" /> {title}
        {counts === "alerts" && <CriticalAlerts />}
      </Link>
    </li>
  );
}
