import { category } from "@/lib/category";
import { cn } from "@/lib/cn";

/** A model with its colour. Where room is short the label behind `@` stays: it is what tells two versions apart. */
export function ModelName({ name, className }: { name: string; className?: string }) {
  const at = name.lastIndexOf("@");
  const [head, label] = at > 0 ? [name.slice(0, at), name.slice(at)] : [name, ""];
  return (
    <span className={cn("flex min-w-0 items-center", className)} title={name}>
      <span aria-hidden="true" className="mr-2 size-2 shrink-0 rounded-full" style={{ backgroundColor: category(name) }} />
      <span className="truncate">{head}</span>
      {label !== "" && <span className="shrink-0">{label}</span>}
    </span>
  );
}
