import { Gauge, type LucideIcon } from "lucide-react";

import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";

interface Item {
  title: string;
  path: (typeof paths)[keyof typeof paths];
  Icon: LucideIcon;
  /** Who cannot use a page does not see it. */
  can: Permission;
}

interface Group {
  /** The step of the loop; the first group stands above it. */
  title: string | null;
  items: Item[];
}

/** The loop's order: Serve, Observe, Judge, Improve, Prove & release, Watch, Learn. A group comes with its first page. */
export const navigation: Group[] = [
  { title: null, items: [{ title: "Overview", path: paths.overview, Icon: Gauge, can: "operations:read" }] },
];
