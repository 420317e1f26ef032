import { ChevronDown, ChevronUp, Maximize2, X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

import { Button } from "./ui/button";

import { isCovered } from "@/lib/layers";

interface Props {
  /** What is shown: "Operation op_019ab…". */
  title: string;
  /** Changes with what is shown; the panel then begins at its top. */
  of: string;
  /** Its own page, where it has one. */
  href?: string;
  onClose: () => void;
  /** Goes to the row after (1) or before (-1) in the list; null where the list ends. */
  onNext?: (() => void) | null;
  onPrevious?: (() => void) | null;
  children: ReactNode;
}

/** Where arrow keys have a meaning of their own. */
const scrolls = (target: EventTarget) => target instanceof Element && target.closest("input, select, textarea, [role=slider], [role=region], pre") !== null;

/** A search field that is filled is emptied by the first Escape. */
const isFilledSearch = (target: EventTarget) => target instanceof HTMLInputElement && target.type === "search" && target.value !== "";

/**
 * The detail of a row, beside its list: Escape closes it, arrow up and down walk the list.
 * The list stays in use; on a phone the panel covers it.
 */
export function SidePanel({ title, of, href, onClose, onNext, onPrevious, children }: Props) {
  const panel = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);

  // Newer browsers answer with a promise, which is no way to clean up: an effect returns nothing.
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    body.current?.scrollTo(0, 0);
  }, [of]);

  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isCovered(panel.current)) return;
    const { key, target } = event;
    const act = key === "Escape" ? !isFilledSearch(target) && onClose : !scrolls(target) && { ArrowDown: onNext, ArrowUp: onPrevious }[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  return (
    <section
      ref={panel}
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      onKeyDown={press}
      className="fixed inset-y-0 right-0 z-20 flex w-full flex-col border-l border-line bg-canvas shadow-md outline-none md:w-[min(46rem,calc(100vw-14rem))]"
    >
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2">
        <Button look="quiet" className="px-2" onClick={onClose} aria-label="Close" title="Close (Escape)">
          <X aria-hidden="true" />
        </Button>
        <Button look="quiet" className="px-2" disabled={!onPrevious} onClick={() => onPrevious?.()} aria-label="Previous" title="Previous (arrow up)">
          <ChevronUp aria-hidden="true" />
        </Button>
        <Button look="quiet" className="px-2" disabled={!onNext} onClick={() => onNext?.()} aria-label="Next" title="Next (arrow down)">
          <ChevronDown aria-hidden="true" />
        </Button>
        {href && (
          <a href={href} className="hit ml-auto inline-flex h-8 items-center gap-1.5 rounded-md px-3 text-sm text-quiet hover:bg-sunken hover:text-ink">
            <Maximize2 aria-hidden="true" className="size-4" /> Open as page
          </a>
        )}
      </header>
      <div ref={body} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-4 outline-none sm:px-6">
        {children}
      </div>
    </section>
  );
}
