import type { Permission } from "@/lib/permissions";

interface Preset {
  id: string;
  title: string;
  help: string;
  permissions: Permission[];
}

/** What keys are mostly for; everything else is chosen by hand. */
export const presets: Preset[] = [
  { id: "call", title: "Call models", help: "For an application: it may call routes and nothing else.", permissions: ["ai:query"] },
  {
    id: "observe",
    title: "Read figures",
    help: "For a monitor: figures and operations without what was said.",
    permissions: ["operations:read", "system:monitor"],
  },
  {
    id: "configure",
    title: "Configure serving",
    help: "For a deployment: providers, models and routes.",
    permissions: ["providers:read", "providers:write", "models:read", "models:write", "routes:read", "routes:write"],
  },
];
