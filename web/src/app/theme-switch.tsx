import { useSyncExternalStore } from "react";

import { Segmented } from "@/components/ui/segmented";
import { chooseTheme, currentTheme, watchTheme, type Theme } from "@/lib/theme";

const options: { value: Theme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "system", label: "System" },
];

export function ThemeSwitch() {
  const theme = useSyncExternalStore(watchTheme, currentTheme);
  return <Segmented label="Theme" className="flex w-full" value={theme} options={options} onChange={chooseTheme} />;
}
