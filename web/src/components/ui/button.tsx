import { useImperativeHandle, useLayoutEffect, useRef, useState, type ComponentProps, type MouseEvent } from "react";

import { cn } from "@/lib/cn";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong font-medium",
  outline: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-quiet hover:bg-sunken hover:text-ink",
  danger: "border border-mark-bad bg-bad-soft text-bad font-medium hover:bg-surface",
};

interface Props extends ComponentProps<"button"> {
  look?: keyof typeof looks;
}

/** A button. Disabled while it has the focus, it keeps it, says that it is disabled, and does nothing until it is left. */
export function Button({ look = "outline", className, type = "button", disabled = false, onClick, onFocus, onBlur, ref, ...props }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => button.current);
  const [focused, setFocused] = useState(false);
  useLayoutEffect(() => {
    // A dialog that closes gives the focus back while React does not listen.
    if (disabled && document.activeElement === button.current) setFocused(true);
  }, [disabled]);

  function press(event: MouseEvent<HTMLButtonElement>) {
    if (disabled) event.preventDefault();
    else onClick?.(event);
  }

  return (
    <button
      ref={button}
      type={type}
      // The browser takes the focus away from what is disabled, and whoever has no mouse would be nowhere.
      {...(focused ? { "aria-disabled": disabled } : { disabled })}
      className={cn(
        "hit inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm whitespace-nowrap transition-colors",
        "disabled:cursor-default disabled:opacity-60 aria-disabled:cursor-default aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
        looks[look],
        className,
      )}
      onClick={press}
      onFocus={(event) => {
        setFocused(true);
        onFocus?.(event);
      }}
      onBlur={(event) => {
        setFocused(false);
        onBlur?.(event);
      }}
      {...props}
    />
  );
}
