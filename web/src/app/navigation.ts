import {
  Activity,
  BellRing,
  Blocks,
  Coins,
  Database,
  Dumbbell,
  FlaskConical,
  Gauge,
  KeyRound,
  Layers,
  ListTree,
  MessageSquareText,
  Plug,
  RefreshCw,
  Rocket,
  Route,
  Settings,
  Sparkles,
  Tag,
  ThumbsUp,
  Wallet,
  type LucideIcon,
} from "lucide-react";

import { paths, type PagePath } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";

export interface Item {
  title: string;
  path: PagePath;
  /** Who cannot use a page does not see it; absent: everybody may. */
  can?: Permission;
  /** The key that goes there after `g`. */
  jump?: string;
  /** What is counted beside it: what waits for somebody. */
  counts?: "alerts";
}

interface Group {
  /** The step of the loop; the first group stands above it. */
  title: string | null;
  items: (Item & { Icon: LucideIcon })[];
}

/** The loop's order: Serve, Observe, Judge, Improve, Prove & release, Watch, Learn. A group comes with its first page. */
export const navigation: Group[] = [
  { title: null, items: [{ title: "Overview", path: paths.overview, Icon: Gauge, jump: "o", can: "operations:read" }] },
  {
    title: "Serve",
    items: [
      { title: "Playground", path: paths.playground, Icon: MessageSquareText, jump: "p", can: "ai:query" },
      { title: "Batches", path: paths.batches, Icon: Layers, jump: "b", can: "operations:read" },
      { title: "Routes", path: paths.routes, Icon: Route, jump: "r", can: "routes:read" },
      { title: "Learned routing", path: paths.learned, Icon: Sparkles, can: "routes:read" },
      { title: "Models", path: paths.models, Icon: Blocks, jump: "m", can: "models:read" },
      { title: "Providers", path: paths.providers, Icon: Plug, jump: "v", can: "providers:read" },
      { title: "Keys", path: paths.keys, Icon: KeyRound, jump: "k", can: "keys:read" },
      { title: "Limits & budgets", path: paths.limits, Icon: Wallet, jump: "l", can: "limits:read" },
    ],
  },
  {
    title: "Observe",
    items: [
      { title: "Operations", path: paths.operations, Icon: ListTree, jump: "e", can: "operations:read" },
      { title: "Costs", path: paths.costs, Icon: Coins, jump: "c", can: "operations:read" },
    ],
  },
  {
    title: "Judge",
    items: [{ title: "Feedback", path: paths.feedback, Icon: ThumbsUp, jump: "f", can: "feedback:read" }],
  },
  {
    title: "Improve",
    items: [
      { title: "Datasets", path: paths.datasets, Icon: Database, jump: "d", can: "datasets:read" },
      { title: "Training", path: paths.training, Icon: Dumbbell, jump: "t", can: "training:read" },
      { title: "Versions", path: paths.versions, Icon: Tag, jump: "n", can: "models:read" },
      { title: "Automatic", path: paths.improvement, Icon: RefreshCw, jump: "i", can: "releases:read" },
    ],
  },
  {
    title: "Prove & release",
    items: [
      { title: "Experiments", path: paths.experiments, Icon: FlaskConical, jump: "x", can: "experiments:read" },
      { title: "Releases", path: paths.releases, Icon: Rocket, jump: "u", can: "releases:read" },
    ],
  },
  {
    title: "Watch",
    items: [
      { title: "Monitors", path: paths.monitors, Icon: Activity, jump: "w", can: "monitors:read" },
      { title: "Alerts", path: paths.alerts, Icon: BellRing, jump: "a", can: "monitors:read", counts: "alerts" },
    ],
  },
];

/** Settings stand apart from the loop. */
export const settingsEntry: Item & { Icon: LucideIcon } = { title: "Settings", path: paths.settings, Icon: Settings, jump: "s" };

/** Settings, in the order of who needs them: oneself, the people, the organization. */
export const settings: Item[] = [
  { title: "Profile", path: paths.profile },
  { title: "Sessions", path: paths.sessions },
  { title: "People", path: paths.people, can: "people:read" },
  { title: "Teams", path: paths.teams, can: "people:read" },
  { title: "Sign-in & security", path: paths.security, can: "organization:write" },
  { title: "Organization", path: paths.organization, can: "organization:write" },
  { title: "Audit", path: paths.audit, can: "audit:read" },
  { title: "Data retention", path: paths.retention, can: "organization:write" },
];

/** The entries that these permissions can use. */
export function usable<Entry extends Item>(items: Entry[], permissions: readonly string[]): Entry[] {
  return items.filter(({ can }) => can === undefined || permissions.includes(can));
}

/** Where a person begins who may not see the overview. */
export function firstPage(permissions: readonly string[]): PagePath {
  return usable(navigation.flatMap(({ items }) => items), permissions)[0]?.path ?? paths.profile;
}
