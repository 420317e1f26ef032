import { Key, modifier } from "./key";
import { navigation, settingsEntry, usable } from "./navigation";

import { useMe } from "@/api/me";

const anywhere = [
  { keys: [modifier, "K"], title: "Find a page, an object or an action" },
  { keys: ["?"], title: "Show this map" },
  { keys: ["F8"], title: "Go to the last notification, and back" },
  { keys: ["Esc"], title: "Close what is open" },
];

const lists = [
  { keys: ["j"], title: "Next row" },
  { keys: ["k"], title: "Row before" },
  { keys: ["Enter"], title: "Open the row" },
  { keys: ["x"], title: "Select the row" },
];

const datasets = [
  { keys: ["a"], title: "Approve the example" },
  { keys: ["e"], title: "Correct the example" },
  { keys: ["r"], title: "Reject the example" },
  { keys: ["u"], title: "Take the last decision back" },
  { keys: ["a"], title: "Apply the finding" },
  { keys: ["d"], title: "Dismiss the finding" },
];

/** Every key that does something, by where it does. */
export function KeyboardMap() {
  const { permissions } = useMe();
  const pages = usable([...navigation.flatMap(({ items }) => items), settingsEntry], permissions);
  const jumps = pages.flatMap(({ title, jump }) => (jump ? [{ keys: ["g", jump], title }] : []));
  return (
    <div className="grid gap-x-12 gap-y-6 sm:grid-cols-2">
      <Group title="Anywhere" entries={anywhere} />
      <Group title="In lists" entries={lists} />
      <Group title="Go to" entries={jumps} />
      {permissions.includes("datasets:write") && <Group title="In datasets" entries={datasets} />}
    </div>
  );
}

function Group({ title, entries }: { title: string; entries: { keys: string[]; title: string }[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs font-medium text-quiet">{title}</h3>
      <dl>
        {entries.map((entry) => (
          <div key={entry.title} className="flex h-8 items-center justify-between gap-4 border-t border-line text-sm">
            <dt>{entry.title}</dt>
            <dd className="flex gap-1">
              {entry.keys.map((key) => (
                <Key key={key}>{key}</Key>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
