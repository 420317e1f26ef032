import type { ReactNode } from "react";

import { useMay } from "@/api/me";
import type { Permission } from "@/api/schema";

interface Props {
  to: Permission;
  children: ReactNode;
}

/** Shows what is inside only to those who may use it. */
export function Permitted({ to, children }: Props) {
  return useMay(to) ? children : null;
}
