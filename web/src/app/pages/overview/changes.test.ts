import { expect, test } from "vitest";

import { changesOf } from "./changes";

import { promoted, turn, turns } from "@/testing/improvement";
import { summary } from "@/testing/releases";

const NOW = Date.parse("2026-06-12T10:00:41Z");
const idsOf = (changes: ReturnType<typeof changesOf>) => changes.map((change) => (change.kind === "turn" ? change.turn.id : change.release.id));

test("what goes on comes first, then what ended within a day", () => {
  const ended = summary({ id: "rel_ended", state: "rolled_back", endedAt: "2026-06-12T09:00:00Z" });
  expect(idsOf(changesOf([promoted(), turn({ id: "turn_02" })], [ended], NOW))).toEqual(["turn_02", promoted().id, "rel_ended"]);
  const [, , yesterday] = turns();
  expect(changesOf(yesterday ? [yesterday] : [], [], NOW)).toEqual([]);
});

test("a release that a turn began is told once", () => {
  const own = summary({ id: "rel_01" });
  expect(idsOf(changesOf([promoted()], [own, summary({ id: "rel_09" })], NOW))).toEqual(["rel_09", promoted().id]);
});
