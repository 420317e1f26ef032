import { presets } from "./presets";

import { permissionWords, type Permission } from "@/lib/permissions";

interface Props {
  /** What the person holds: nobody hands on more. */
  held: readonly string[];
  value: Permission[];
  onChange: (value: Permission[]) => void;
}

const box = "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm hover:bg-sunken pointer-coarse:min-h-11";

/** What a key may do: one of a few purposes, or permission by permission. */
export function PermissionChoice({ held, value, onChange }: Props) {
  const chosen = presets.find(({ permissions }) => [...permissions].sort().join() === [...value].sort().join());
  const offered = presets.filter(({ permissions }) => permissions.every((each) => held.includes(each)));
  const toggle = (permission: Permission) =>
    onChange(value.includes(permission) ? value.filter((each) => each !== permission) : [...value, permission]);
  return (
    <fieldset>
      <legend className="font-medium">What it may do</legend>
      <div className="mt-1.5 space-y-0.5">
        {offered.map(({ id, title, help, permissions }) => (
          <label key={id} className={box}>
            <input
              type="radio"
              name="preset"
              className="size-4 shrink-0 accent-accent"
              checked={chosen?.id === id}
              onChange={() => onChange(permissions)}
            />
            <span>
              {title} <span className="text-quiet">{help}</span>
            </span>
          </label>
        ))}
      </div>
      <details className="mt-2" open={chosen === undefined}>
        <summary className="hit inline-block text-sm font-medium text-accent-ink">By hand: {value.length} chosen</summary>
        <div className="mt-1 grid gap-x-6 sm:grid-cols-2">
          {(held as Permission[]).map((permission) => (
            <label key={permission} className={box}>
              <input
                type="checkbox"
                className="size-4 shrink-0 accent-accent"
                checked={value.includes(permission)}
                onChange={() => toggle(permission)}
              />
              <span className="min-w-0 first-letter:uppercase" title={permission}>
                {permissionWords(permission)}
              </span>
            </label>
          ))}
        </div>
      </details>
    </fieldset>
  );
}
