import { thinned } from "./scale";

import { linear } from "@/lib/scale";

interface Props {
  values: readonly number[];
  /** In words, for those who do not see it: "from 96 % to 91 %". */
  label: string;
  bad?: boolean;
}

const WIDTH = 96;
const HEIGHT = 20;
const MOST = 48;

/** How something went lately, as a line as high as a word. */
export function Sparkline({ values, label, bad = false }: Props) {
  const shown = thinned(values, MOST);
  if (shown.length < 2) return null;
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const x = linear([0, shown.length - 1], [2, WIDTH - 4]);
  const y = low === high ? () => HEIGHT / 2 : linear([low, high], [HEIGHT - 3, 3]);
  const [first = 0] = shown;
  const last = shown.at(-1) ?? first;
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} className="block">
      <path
        d={`M${shown.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`}
        fill="none"
        strokeWidth={1.5}
        strokeLinejoin="round"
        className={bad ? "stroke-mark-bad" : "stroke-mark"}
      />
      <circle cx={x(shown.length - 1)} cy={y(last)} r={2.5} className={bad ? "fill-mark-bad" : "fill-mark"} />
    </svg>
  );
}
