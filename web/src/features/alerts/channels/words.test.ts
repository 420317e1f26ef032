import { expect, test } from "vitest";

import { addressesOf, bodyOf, draftOf, toldWhen, wrongAddresses, wrongUrl } from "./words";

import { channel } from "@/testing/watch";

test("addresses are taken as people write them, each once", () => {
  expect(addressesOf("a@b.example, c@d.example\na@b.example;")).toEqual(["a@b.example", "c@d.example"]);
  expect(wrongAddresses("a@b.example nobody")).toBe("“nobody” is no e-mail address.");
  expect(wrongAddresses(" ")).toBe("An address at least.");
  expect([wrongUrl("https://hooks.example/x"), wrongUrl("ftp://x"), wrongUrl("hooks")].map((each) => each === null)).toEqual([true, false, false]);
});

test("a new channel is sent whole, and a change leaves a secret alone that is not written anew", () => {
  const draft = { ...draftOf(null), to: "ops@rosewood.example" };
  expect(bodyOf(draft, null)).toEqual({ name: "E-mail", kind: "email", to: ["ops@rosewood.example"], severity: "warning", digest: true });
  expect(bodyOf({ ...draft, kind: "slack" }, null)).toBeNull();
  const slack = channel({ kind: "slack", to: [], name: "On call" });
  expect(bodyOf(draftOf(slack), slack)).toEqual({ name: "On call", severity: "critical", digest: false });
});

test("it says what it is told", () => {
  expect(toldWhen({ severity: "critical", digest: true })).toBe("Told of critical alerts at once, and of the rest once a day.");
  expect(toldWhen({ severity: "info", digest: false })).toBe("Told of every alert at once.");
});
