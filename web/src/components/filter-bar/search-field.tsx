import { Search } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";

const PAUSE_MS = 250;

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** What is searched: "Search id, model, user…". */
  label: string;
}

/** A text to search for; it counts once one pauses in typing, or at once on Enter. */
export function SearchField({ value, onChange, label }: Props) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The URL has changed by other means: back, a saved view, "Clear filters".
    setKnown(value);
    setTyped(value);
  }
  const settle = useEffectEvent((text: string) => {
    if (text.trim() !== value) onChange(text.trim());
  });
  useEffect(() => {
    const timer = setTimeout(() => settle(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <span className="relative w-full sm:w-64">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-quiet pointer-coarse:top-3.5" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && typed.trim() !== value && onChange(typed.trim())}
        className="h-8 w-full rounded-md border border-edge bg-surface pr-2 pl-8 text-sm placeholder:text-quiet pointer-coarse:h-11"
      />
    </span>
  );
}
