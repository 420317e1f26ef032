import { useEffect, useRef, type RefObject } from "react";

/** After a refusal, goes to the first field that is wrong: it may be out of sight. Put the ref on the form. */
export function useFirstWrong<Form extends HTMLElement>(error: Error | null): RefObject<Form | null> {
  const form = useRef<Form>(null);
  useEffect(() => {
    const field = error && form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!field) return;
    // Its label above and the words beneath it are to be seen too.
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  }, [error]);
  return form;
}
