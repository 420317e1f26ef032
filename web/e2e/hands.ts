/** Two hands on a keyboard: no mouse, and no script that moves the focus. What they meet on the way must be seen. */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** More stops than any page has. */
const MOST = 150;
const AFRESH = 10;
/** How long a list may take to arrive on a machine with other work, in milliseconds. */
const LIST_MS = 10_000;
const TRIES = 3;

interface Stop {
  /** The focus is on what is looked for. */
  there: boolean;
  /** What has the focus, in words; null when nothing has. */
  what: string | null;
  /** Whether one sees that it has. */
  seen: boolean;
}

/** Runs in the page: where the focus is. */
function look(wanted: Node[]): Stop {
  const here = document.activeElement;
  const nameOf = (element: HTMLElement) => element.getAttribute("aria-label") ?? document.querySelector(`label[for="${element.id}"]`)?.textContent ?? element.innerText;
  const kindOf = (element: HTMLElement) => element.getAttribute("role") ?? element.tagName.toLowerCase();
  const ringed = (element: Element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  const around = (element: Element | null, levels: number): Element[] => (element && levels > 0 ? [element, ...around(element.parentElement, levels - 1)] : []);
  if (!(here instanceof HTMLElement) || here === document.body) return { there: false, what: null, seen: true };
  return {
    there: wanted.includes(here),
    what: `${kindOf(here)} “${nameOf(here).trim().replace(/\s+/g, " ").slice(0, 60)}”`,
    // What is only led to, such as a page, shows by itself that one is there.
    seen: here.tabIndex < 0 || around(here, 4).some(ringed),
  };
}

/** The focus is somewhere: nobody has to begin again at the top of the page. */
export async function holds(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body && document.activeElement !== null), { message: "the focus is lost" }).toBe(true);
}

/** Goes to a control by Tab, or backwards by Shift and Tab; fails with the stops that were met. */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.first().waitFor();
  let wanted = await target.elementHandles();
  const stops: string[] = [];
  for (let pressed = 0; pressed < MOST; pressed++) {
    // To look for it at each step would take most of the time; now and then, it may have been made anew.
    if (pressed % AFRESH === AFRESH - 1) wanted = await target.elementHandles();
    const stop = await page.evaluate(look, wanted);
    if (!stop.seen) throw new Error(`Nobody sees that the focus is on ${stop.what ?? "nothing"}.`);
    if (stop.there) return;
    stops.push(stop.what ?? "nothing");
    await page.keyboard.press(key);
  }
  throw new Error(`No ${key} leads to ${String(target)}. The stops were:\n${stops.join("\n")}`);
}

type Role = Parameters<Page["getByRole"]>[0];

/** What somebody does who has a keyboard only. The focus is never lost between two steps. */
export function hands(page: Page) {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  const to = async (role: Role, name: string | RegExp, within?: string | RegExp): Promise<void> => {
    await holds(page);
    const room = within === undefined ? page : page.getByRole("dialog", { name: within });
    await tabTo(page, room.getByRole(role, { name, exact: true }));
  };

  /** Goes to a control and presses it. */
  const use = async (role: Role, name: string | RegExp, within?: string | RegExp): Promise<void> => {
    await to(role, name, within);
    await press(role === "checkbox" || role === "radio" ? "Space" : "Enter");
  };

  /** Goes to a field and writes into it, in the place of what it held. */
  const write = async (name: string | RegExp, text: string): Promise<void> => {
    await holds(page);
    await tabTo(page, page.getByLabel(name, { exact: true }));
    await press("Control+a");
    await page.keyboard.type(text);
  };

  /** Goes to a choice and takes the option that begins so, once it is offered: a list may still be on its way. */
  const choose = async (name: string, option: string): Promise<void> => {
    await to("combobox", name);
    const offered = () => page.evaluate(() => (document.activeElement instanceof HTMLSelectElement ? [...document.activeElement.options].map((one) => one.text) : []));
    await expect.poll(offered, { message: `what ${name} offers`, timeout: LIST_MS }).toContainEqual(expect.stringContaining(option));
    const chosen = () => page.evaluate(() => (document.activeElement instanceof HTMLSelectElement ? document.activeElement.selectedOptions[0]?.text : undefined));
    // Who types while the list is made anew types once more.
    for (let left = TRIES; left > 0 && !(await chosen())?.includes(option); left--) {
      await page.keyboard.type(option);
      await expect.poll(chosen).toContain(option).catch(() => undefined);
    }
    expect(await chosen(), `the choice of ${name}`).toContain(option);
  };

  return {
    page,
    press,
    to,
    use,
    write,
    choose,
    /** The browser's own key, which there is none for without a window around the page. */
    back: () => page.goBack(),
    /** Something is on the page. */
    sees: (text: string | RegExp) => page.getByText(text).first().waitFor(),
    gone: (role: Role, name: string | RegExp) => page.getByRole(role, { name }).waitFor({ state: "detached" }),
    /** The focus is on this, without a step. */
    at: (role: Role, name: string | RegExp) => page.getByRole(role, { name }).and(page.locator(":focus")).waitFor(),
  };
}

export type Hands = ReturnType<typeof hands>;
