import { permissionWords, type Permission } from "@/lib/permissions";

/** Somebody opened a page that their role cannot use. */
export class NotPermitted extends Error {
  override name = "NotPermitted";

  constructor(permission: Permission) {
    super(`Your role does not let you ${permissionWords(permission)}, which it needs. An administrator can change your role.`);
  }
}
