import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";

import { remember } from "./recent";

import { paths } from "@/lib/paths";

const pages: string[] = Object.values(paths);

/** Remembers every object that has a page of its own, by the title that the page gave itself. */
export function useRecent(): void {
  const href = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  useEffect(() => {
    if (href === undefined || pages.includes(href)) return;
    // A page names itself when its answer has come; it is remembered when it is left.
    return () => remember({ href, title: document.title.replace(/ · Hone$/, "") });
  }, [href]);
}
