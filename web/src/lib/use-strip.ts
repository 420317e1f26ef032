import { useLocation } from "@tanstack/react-router";
import { useLayoutEffect, useRef, type RefObject } from "react";

/** A strip of links that scrolls sideways: the current one is brought into sight, and the sides that hide some are marked. */
export function useStrip(): RefObject<HTMLElement | null> {
  const strip = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });

  useLayoutEffect(() => {
    const element = strip.current;
    if (!element) return;
    const mark = () => {
      const hidden = element.scrollWidth - element.clientWidth;
      element.toggleAttribute("data-more-before", element.scrollLeft > 1);
      element.toggleAttribute("data-more-after", element.scrollLeft < hidden - 1);
    };
    const observer = new ResizeObserver(mark);
    observer.observe(element);
    element.addEventListener("scroll", mark, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", mark);
    };
  }, []);

  useLayoutEffect(() => {
    const element = strip.current;
    const current = element?.querySelector<HTMLElement>("[aria-current=page]");
    if (!element || !current) return;
    // By hand: scrollIntoView would move the page too.
    const [whole, link] = [element.getBoundingClientRect(), current.getBoundingClientRect()];
    element.scrollLeft += link.left + link.width / 2 - (whole.left + whole.width / 2);
  }, [path]);
  return strip;
}
