import { paths } from "@/lib/paths";
import type { Permission } from "@/lib/permissions";

export const learned = { path: paths.learned, can: "routes:read" as Permission };
