import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

/** Pages of a list that come as one scrolls. */
export interface More {
  /** Whether rows follow the ones that are here. */
  has: boolean;
  loading: boolean;
  load: () => void;
  /** Why the following rows could not be loaded. */
  error?: Error | null;
}

/** Asks for the next rows as soon as the end of the list comes near; the element stands at that end. */
export function useLoadMore(more: More | undefined, rows: number): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => {
    if (more?.has && !more.loading && !more.error) more.load();
  });
  const waits = more?.has === true && !more.loading;
  useEffect(() => {
    const element = end.current;
    if (!element || !waits || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && near(), { rootMargin: "0px 0px 1200px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [waits, rows]);
  return end;
}
