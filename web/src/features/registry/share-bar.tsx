import { category } from "@/lib/category";
import { percent } from "@/lib/format";

interface Part {
  model: string;
  /** 0 to 1. */
  share: number;
}

/** How calls are spread over models; the words beside it say the same. */
export function ShareBar({ parts, className = "h-2" }: { parts: readonly Part[]; className?: string }) {
  return (
    <span aria-hidden="true" className={`flex w-full gap-0.5 overflow-hidden rounded-sm bg-sunken ${className}`}>
      {parts.map(({ model, share }, place) => (
        <span key={`${place} ${model}`} className="h-full" style={{ flexGrow: share, backgroundColor: category(model) }} />
      ))}
    </span>
  );
}

/** `large 40 %, small 60 %`. */
export const shareWords = (parts: readonly Part[]) => parts.map(({ model, share }) => `${model} ${percent(share)}`).join(", ");

export function Swatch({ model }: { model: string }) {
  return <span aria-hidden="true" className="inline-block size-2 shrink-0 rounded-full" style={{ backgroundColor: category(model) }} />;
}
