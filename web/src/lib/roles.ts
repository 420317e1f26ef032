import type { Role } from "./permissions";

/** What each role is for, in the words that one chooses by. */
export const roles: { value: Role; label: string; help: string }[] = [
  { value: "admin", label: "Admin", help: "everything, people and the organization included" },
  { value: "operator", label: "Operator", help: "keeps serving alive: providers, models, routes, audit" },
  { value: "developer", label: "Developer", help: "builds on it: routes, models, own keys" },
  { value: "reviewer", label: "Reviewer", help: "reads conversations and judges them" },
  { value: "analyst", label: "Analyst", help: "reads figures, not what was said" },
  { value: "instructor", label: "Instructor", help: "reads conversations and teaches" },
  { value: "learner", label: "Learner", help: "sees models and routes" },
  { value: "user", label: "User", help: "calls models" },
];

export const roleOptions = roles.map(({ value, label }) => ({ value, label }));

/** What a role is for, as a sentence: `Builds on it: routes, models, own keys.` */
export function roleHelp(role: string): string {
  const help = roles.find(({ value }) => value === role)?.help ?? "";
  return help && `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}

export const roleName = (role: string): string => roles.find(({ value }) => value === role)?.label ?? role;
