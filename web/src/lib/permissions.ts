/** The server's permissions that a page asks for; the server decides, this only hides what would be refused. */
import type { Permission } from "@/api/schema.gen";

export type { Permission, Role } from "@/api/schema.gen";

/** What each lets one do, as it reads behind "may": their names are for programs. */
const words: Record<Permission, string> = {
  "ai:query": "call models",
  "ai:manage": "manage what improves models",
  "system:monitor": "read the metrics",
  "operations:read": "see the overview and calls",
  "operations:write": "record calls made elsewhere",
  "contents:read": "read what was asked and answered",
  "providers:read": "see providers",
  "providers:write": "change providers",
  "models:read": "see models and prices",
  "models:write": "change models and prices",
  "routes:read": "see routes",
  "routes:write": "change routes",
  "keys:read": "see keys",
  "keys:write": "create and revoke keys",
  "people:read": "see people and teams",
  "people:write": "manage people and teams",
  "organization:write": "change the organization",
  "limits:read": "see limits",
  "limits:write": "set limits",
  "feedback:read": "see feedback",
  "feedback:write": "say whether an answer was good",
  "datasets:read": "see datasets",
  "datasets:write": "curate datasets",
  "training:read": "see training runs",
  "training:write": "train models",
  "experiments:read": "see experiments",
  "experiments:write": "run experiments",
  "releases:read": "see releases",
  "releases:write": "put trained models in force",
  "monitors:read": "see monitors and alerts",
  "monitors:write": "keep monitors and resolve alerts",
  "audit:read": "read the audit",
  "data:erase": "erase what is kept of somebody",
};

/** A server that is newer than this page may know more. */
export const permissionWords = (permission: string): string => (Object.hasOwn(words, permission) ? words[permission as Permission] : permission);
