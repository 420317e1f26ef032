import type { Permission } from "@/api/schema";

/** Somebody opened a page that their role cannot use. */
export class NotPermitted extends Error {
  override name = "NotPermitted";

  constructor(permission: Permission) {
    super(`Your role does not include ${permission}, which it needs. An administrator can change your role.`);
  }
}
