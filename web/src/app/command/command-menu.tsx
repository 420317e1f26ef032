import { useNavigate } from "@tanstack/react-router";
import { Command, useCommandState } from "cmdk";
import { Search } from "lucide-react";
import { useState, type ReactNode } from "react";

import { navigation, settings, settingsEntry, usable } from "../navigation";

import { useActions } from "./actions";
import { recent } from "./recent";
import { useSearch } from "./use-search";

import { useMe } from "@/api/me";

interface Props {
  /** What was typed before the menu had come. */
  begun: string;
  onDone: () => void;
  onHelp: () => void;
}

/** Finds any page, object or action by what one types. */
export function CommandMenu({ begun, onDone, onHelp }: Props) {
  const [query, setQuery] = useState(begun);
  const { permissions } = useMe();
  const navigate = useNavigate();
  const { data: found = [], error, isFetching } = useSearch(query);
  const actions = useActions(onHelp);
  const pages = usable([...navigation.flatMap(({ items }) => items), settingsEntry], permissions);
  const go = (href: string) => {
    onDone();
    void navigate({ href });
  };

  return (
    <Command label="Find a page, an object or an action" loop className="flex max-h-[70dvh] flex-col">
      <div className="flex h-12 shrink-0 items-center gap-2 rounded-t-md border-b border-line px-4 -outline-offset-2 outline-accent has-focus-visible:outline-2">
        <Search aria-hidden="true" className="size-4 shrink-0 text-quiet" />
        <Command.Input
          value={query}
          onValueChange={setQuery}
          autoFocus
          placeholder="Find a page, an object or an action"
          className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-quiet"
        />
      </div>
      <Found nothing={isFetching ? "Asking the server…" : `Nothing is called “${query}”.`}>
        {query === "" && recent().length > 0 && (
          <Group title="Looked at last">
            {recent().map(({ href, title }) => (
              <Entry key={href} value={`recent ${href}`} title={title} onSelect={() => go(href)} />
            ))}
          </Group>
        )}
        {query.trim().length >= 2 && (
          <Group title="Objects">
            {found.map(({ id, title, kind, href }) => (
              <Entry key={id} value={`${title} ${id}`} keywords={[query]} title={title} note={kind} onSelect={() => go(href)} />
            ))}
          </Group>
        )}
        <Group title="Pages">
          {pages.map(({ title, path, jump }) => (
            <Entry key={path} value={title} title={title} {...(jump && { note: `g ${jump}` })} onSelect={() => go(path)} />
          ))}
          {usable(settings, permissions).map(({ title, path }) => (
            <Entry key={path} value={`Settings ${title}`} title={title} note="Settings" onSelect={() => go(path)} />
          ))}
        </Group>
        <Group title="Actions">
          {actions.map(({ title, run }) => (
            <Entry
              key={title}
              value={title}
              title={title}
              onSelect={() => {
                onDone();
                run();
              }}
            />
          ))}
        </Group>
      </Found>
      {error && (
        <p role="alert" className="border-t border-line px-4 py-2 text-sm text-bad">
          Objects could not be looked for. {error.message}
        </p>
      )}
    </Command>
  );
}

/** The list of what fits, or a word on why it is empty: a list box may hold options only. */
function Found({ nothing, children }: { nothing: string; children: ReactNode }) {
  const empty = useCommandState(({ filtered }) => filtered.count === 0);
  return (
    <>
      <Command.List label="Found" className={empty ? "hidden" : "overflow-y-auto overscroll-contain p-2"}>
        {children}
      </Command.List>
      {empty && (
        <p role="status" className="px-4 py-6 text-center text-sm text-quiet">
          {nothing}
        </p>
      )}
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={title}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-quiet"
    >
      {children}
    </Command.Group>
  );
}

interface EntryProps {
  value: string;
  title: string;
  note?: string;
  keywords?: string[];
  onSelect: () => void;
}

function Entry({ title, note, ...item }: EntryProps) {
  return (
    <Command.Item
      {...item}
      className="flex h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2 text-sm aria-selected:bg-accent-soft aria-selected:text-accent-ink pointer-coarse:h-11"
    >
      <span className="truncate">{title}</span>
      {note && <span className="shrink-0 text-xs text-quiet">{note}</span>}
    </Command.Item>
  );
}
