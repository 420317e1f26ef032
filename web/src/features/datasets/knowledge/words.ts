import type { KnowledgeRead } from "@/api/schema.gen";

export const formats: Record<NonNullable<KnowledgeRead["format"]>, string> = { html: "Web page", pdf: "PDF document", text: "Text", faq: "Questions with answers" };

/** How often a page is read again, in hours. */
export const SCHEDULES = [
  { value: "1", label: "every hour" },
  { value: "6", label: "every 6 hours" },
  { value: "24", label: "every day" },
  { value: "168", label: "every week" },
  { value: "0", label: "only when asked" },
] as const;

/** In words what a choice of a schedule is in hours. */
export const hoursOf = (choice: string): number | null => (choice === "0" ? null : Number(choice));
export const choiceOf = (hours: number | null): string => String(hours ?? 0);

/** The schedules, with one that was set elsewhere. */
export function schedulesFor(hours: number | null): { value: string; label: string }[] {
  const own = choiceOf(hours);
  const known: { value: string; label: string }[] = [...SCHEDULES];
  return known.some(({ value }) => value === own) ? known : [...known, { value: own, label: `every ${own} hours` }];
}

/** What is wrong with an address, or null. */
export function addressFault(url: string): string | null {
  if (url.trim() === "") return "Say which page.";
  try {
    const { protocol, username } = new URL(url.trim());
    if (protocol !== "http:" && protocol !== "https:") return "An address begins with https://.";
    return username === "" ? null : "An address has no name and password in it.";
  } catch {
    return "This is no address: https://example.com/help";
  }
}
