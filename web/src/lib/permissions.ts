/** The server's permissions that a page asks for; the server decides, this only hides what would be refused. */
export type { Permission, Role } from "@/api/schema.gen";
