import { expect, test } from "vitest";

import { addressFault, choiceOf, hoursOf, schedulesFor } from "./words";

test("an address is told right from wrong before it is sent", () => {
  expect(addressFault(" https://example.com/help ")).toBeNull();
  expect(addressFault("")).toBe("Say which page.");
  expect(addressFault("example.com")).toContain("no address");
  expect(addressFault("ftp://example.com")).toContain("https://");
  expect(addressFault("https://me:secret@example.com")).toContain("password");
});

test("a schedule is a choice and hours", () => {
  expect(hoursOf("0")).toBeNull();
  expect(hoursOf(choiceOf(24))).toBe(24);
  expect(schedulesFor(12).at(-1)).toEqual({ value: "12", label: "every 12 hours" });
  expect(schedulesFor(null)).toHaveLength(5);
});
