import { axesOf, type Axis } from "./searched";

import type { Trial, Trials } from "@/api/learning";
import { useWidth } from "@/lib/use-width";

const HEIGHT = 220;
const TOP = 44;
const BOTTOM = 26;
const SIDE = 64;
/** Nearer axes could not be read. */
const LEAST = 120;

interface Props {
  trials: Trials;
  /** The trial that somebody looks at. */
  looked: number | null;
  onLook: (number: number | null) => void;
}

/** Each trial as a line across its parameters to what it came to. The table beneath says the same in words. */
export function Parallel({ trials, looked, onLook }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const axes = axesOf(trials);
  if (axes.length < 2) return null;
  const wide = Math.max(width, 2 * SIDE + (axes.length - 1) * LEAST);
  const x = (index: number) => SIDE + ((wide - 2 * SIDE) * index) / (axes.length - 1);
  // What is looked at, and the best, lie above the others.
  const order = [...trials.items].sort((a, b) => rank(a) - rank(b));
  function rank({ number }: Trial): number {
    return number === looked ? 2 : number === trials.best ? 1 : 0;
  }
  return (
    <div ref={box} className="overflow-x-auto" tabIndex={0} role="region" aria-label="Parameters of the trials">
      {width > 0 && (
        <svg aria-hidden="true" width={wide} height={HEIGHT} className="block">
          {order.map((trial) => (
            <path
              key={trial.number}
              d={across(trial, axes, x)}
              fill="none"
              strokeLinejoin="round"
              strokeWidth={rank(trial) > 0 ? 2.5 : 1.5}
              className={trial.number === looked ? "stroke-ink" : trial.number === trials.best ? "stroke-accent" : "stroke-edge"}
              {...(trial.state !== "complete" && { strokeDasharray: "4 4" })}
              onPointerEnter={() => onLook(trial.number)}
              onPointerLeave={() => onLook(null)}
            />
          ))}
          {axes.map((axis, index) => (
            <Upright key={axis.name} axis={axis} x={x(index)} />
          ))}
        </svg>
      )}
    </div>
  );
}

const y = (place: number) => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);

/** A trial without a value ends before the last axis. */
function across(trial: Trial, axes: readonly Axis[], x: (index: number) => number): string {
  const last = axes.length - 1;
  const places = axes.map((axis, index) => axis.place(index === last ? trial.value : trial.params[axis.name]));
  return places.flatMap((place, index) => (place === null ? [] : [`${x(index).toFixed(1)} ${y(place).toFixed(1)}`])).map((each, index) => (index === 0 ? "M" : "L") + each).join("");
}

function Upright({ axis: { title, low, high }, x }: { axis: Axis; x: number }) {
  return (
    <g className="text-xs">
      <line x1={x} x2={x} y1={TOP} y2={HEIGHT - BOTTOM} className="stroke-quiet" />
      <text x={x} y={14} textAnchor="middle" className="fill-ink font-medium">
        {title.length > 22 ? `…${title.slice(-21)}` : title}
      </text>
      <text x={x} y={TOP - 8} textAnchor="middle" className="fill-quiet">
        {high}
      </text>
      <text x={x} y={HEIGHT - BOTTOM + 16} textAnchor="middle" className="fill-quiet">
        {low}
      </text>
    </g>
  );
}
