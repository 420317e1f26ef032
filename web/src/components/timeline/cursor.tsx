import { useId, type KeyboardEvent, type PointerEvent } from "react";

interface Props {
  label: string;
  /** The last position; the first is 0. */
  last: number;
  at: number | null;
  onMove: (at: number | null) => void;
  describe: (at: number) => string;
  /** Where the drawing begins, and how wide one position is, in pixels. */
  left: number;
  step: number;
}

/** Lies over a drawing and reads it out: to a pointer, a finger, or the arrow keys. */
export function Cursor({ label, last, at, onMove, describe, left, step }: Props) {
  const help = useId();
  const current = Math.min(at ?? last, last);

  function point(event: PointerEvent<HTMLDivElement>) {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    const position = Math.floor(place / step);
    onMove(position < 0 || position > last ? null : position);
  }

  function press(event: KeyboardEvent) {
    const next = destination(event.key, current, last);
    if (next === null) return;
    event.preventDefault();
    onMove(next);
  }

  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={help}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={current}
        aria-valuetext={describe(current)}
        className="absolute inset-0 cursor-crosshair touch-pan-y rounded-sm outline-offset-4"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => onMove(null)}
        onBlur={() => onMove(null)}
        onKeyDown={press}
      />
      <p id={help} className="sr-only">
        Arrow keys read the values of one moment after another.
      </p>
    </>
  );
}

/** Where a key leads, as sliders do (WAI-ARIA Authoring Practices, slider pattern). */
export function destination(key: string, current: number, last: number): number | null {
  const places: Record<string, number> = {
    ArrowLeft: current - 1,
    ArrowDown: current - 1,
    ArrowRight: current + 1,
    ArrowUp: current + 1,
    PageDown: current - 10,
    PageUp: current + 10,
    Home: 0,
    End: last,
  };
  const place = places[key];
  return place === undefined ? null : Math.min(last, Math.max(0, place));
}
