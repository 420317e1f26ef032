import { expect, test } from "vitest";

import { grown, linesOf, NOTHING, readOn } from "./log";

import { serve, signIn } from "@/testing/server";

const signal = new AbortController().signal;

test("a log is read on from the byte where it ended, until there is no more", async () => {
  signIn();
  const whole = new TextEncoder().encode("épreuve 1\nstep 2\nstep 3\n");
  serve({
    "/api/training/runs/trun_1/log": ({ url }) => {
      const after = Number(new URL(url).searchParams.get("after"));
      const piece = whole.slice(after, after + 11);
      return new Response(piece, { headers: { "x-log-next": String(after + piece.length) } });
    },
  });
  const log = await readOn("trun_1", NOTHING, signal);
  expect(log).toEqual({ text: "épreuve 1\nstep 2\nstep 3\n", after: whole.length, dropped: 0 });
  expect(await readOn("trun_1", log, signal)).toEqual(log);
});

test("of a long log the end is kept", () => {
  const long = grown(NOTHING, Array.from({ length: 7000 }, (_, line) => `line ${line}`).join("\n"), 9);
  expect(long.dropped).toBe(2000);
  expect(linesOf(long, "")[0]).toBe("line 2000");
});

test("lines are found by a word", () => {
  const log = grown(NOTHING, "Loss 0.4\nWarning: slow\nloss 0.3\n", 9);
  expect(linesOf(log, " LOSS ")).toEqual(["Loss 0.4", "loss 0.3"]);
  expect(linesOf(log, "")).toHaveLength(3);
});
