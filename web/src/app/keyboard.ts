import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";

import { navigation, settingsEntry, usable } from "./navigation";

import { useMe } from "@/api/me";

/** How long the second key of a jump is waited for. */
const JUMP_MS = 1500;

/** Keys that mean something in the field that has the focus belong to that field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

/** A dialog has the keyboard for itself, and so has the browser for what is pressed with Ctrl. */
function belongsElsewhere({ metaKey, ctrlKey, altKey, target }: KeyboardEvent): boolean {
  return metaKey || ctrlKey || altKey || isTyping(target) || document.querySelector("dialog[open]") !== null;
}

interface Actions {
  onSearch: () => void;
  onHelp: () => void;
}

/** What the keyboard does on every page: find, help, and `g` with a letter to go somewhere. */
export function useKeyboard({ onSearch, onHelp }: Actions): void {
  const { permissions } = useMe();
  const navigate = useNavigate();
  const jumpUntil = useRef(0);

  const jump = (key: string): boolean => {
    const pages = usable([...navigation.flatMap(({ items }) => items), settingsEntry], permissions);
    const page = pages.find((item) => item.jump === key);
    if (page) void navigate({ to: page.path });
    return page !== undefined;
  };

  const press = useEffectEvent((event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      onSearch();
      return;
    }
    if (belongsElsewhere(event)) return;
    const jumping = event.timeStamp < jumpUntil.current;
    jumpUntil.current = event.key === "g" && !jumping ? event.timeStamp + JUMP_MS : 0;
    if (jumping && jump(event.key)) event.preventDefault();
    else if (event.key === "?") onHelp();
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
