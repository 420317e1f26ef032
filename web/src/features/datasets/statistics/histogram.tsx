import { count, percent, plural } from "@/lib/format";
import { niceCeiling } from "@/lib/scale";

const HEIGHT = 160;

/** What range a tenth stands for: `70 to 80 %`. */
const range = (index: number) => `${index * 10} to ${percent((index + 1) / 10)}`;

/** How many examples are of which quality, in tenths, from zero; each bar is read by hovering or by keyboard. */
export function Histogram({ of: tenths }: { of: readonly number[] }) {
  const top = niceCeiling(Math.max(...tenths));
  return (
    <figure>
      <div className="flex items-stretch gap-2">
        <div aria-hidden="true" className="flex flex-col justify-between text-right text-xs text-quiet" style={{ height: HEIGHT }}>
          <span className="-mt-2">{count(top)}</span>
          <span className="-mb-2">0</span>
        </div>
        <ol aria-label="Examples by quality" className="flex flex-1 items-end gap-1 border-t border-b border-grid border-b-edge" style={{ height: HEIGHT }}>
          {tenths.map((value, index) => (
            <li key={index} title={`${range(index)}: ${plural(value, "example")}`} className="flex h-full flex-1 flex-col justify-end">
              <span className="sr-only">{`${range(index)}: ${plural(value, "example")}`}</span>
              {value > 0 && (
                <span aria-hidden="true" className="text-center text-xs text-quiet max-sm:hidden">
                  {count(value)}
                </span>
              )}
              <span aria-hidden="true" className="block w-full rounded-t-sm bg-mark" style={{ height: value === 0 ? 0 : Math.max(2, (value / top) * (HEIGHT - 24)) }} />
            </li>
          ))}
        </ol>
      </div>
      <figcaption aria-hidden="true" className="mt-1 flex justify-between pl-8 text-xs text-quiet">
        <span>0</span>
        <span>50</span>
        <span>100 % quality</span>
      </figcaption>
    </figure>
  );
}
