import { useEffect, useRef } from "react";

const NEAR_PX = 160;

/** Keeps the end of the page in sight while it grows, unless one has scrolled away to read. */
export function useFollow(grown: unknown): void {
  const near = useRef(true);
  useEffect(() => {
    const look = () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      near.current = scrollHeight - clientHeight - scrollTop < NEAR_PX;
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);
  const last = useRef(grown);
  useEffect(() => {
    // What was there from the beginning is read from its beginning.
    if (last.current === grown) return;
    last.current = grown;
    if (near.current) scrollTo({ top: document.documentElement.scrollHeight });
  }, [grown]);
}
