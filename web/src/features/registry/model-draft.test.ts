import { expect, test } from "vitest";

import {
  draftOfModel,
  modelBody,
  noPrice,
  partFault,
  priceBody,
  priceFault,
  priceOfEntry,
  qualityFault,
  shownOfModel,
  suggestions,
  traitsRight,
} from "./model-draft";

import type { CatalogueModel } from "@/api/schema.gen";
import { catalogueModel, model, price } from "@/testing/registry";

test("a new name leaves the price as it is", () => {
  const held = model("large");
  expect(modelBody({ ...draftOfModel(held), name: "huge" }, null, held)).toEqual({
    name: "huge",
    provider: "openai",
    upstream: "large",
    price: { input: "2.5", output: "10", cachedInput: "1.25" },
  });
});

test("what policies read is sent as it is said, and what is not said is not sent", () => {
  const held = model("large", { region: "eu", quality: 0, capabilities: ["tools", "chat"] });
  const draft = draftOfModel(held);
  expect(modelBody(draft, null, held)).toMatchObject({ region: "eu", quality: 0, capabilities: ["chat", "tools"] });
  const body = modelBody({ ...draft, region: " ", quality: "0,8", capabilities: null, modalities: ["text"] }, null, held);
  expect(body).toMatchObject({ quality: 0.8, modalities: ["text"] });
  expect([body.region, body.capabilities]).toEqual([undefined, undefined]);
});

test("a model takes and can do something, and its quality is a part of one", () => {
  const draft = draftOfModel(null);
  expect([traitsRight(draft), traitsRight({ ...draft, modalities: [] }), traitsRight({ ...draft, quality: "80" })]).toEqual([true, false, false]);
  expect([qualityFault(""), qualityFault("1")]).toEqual([null, null]);
  expect(qualityFault("good")).toMatch(/0 to 1/);
});

test("what somebody else changed reads in words", () => {
  expect(shownOfModel(model("large", { modalities: ["image", "text"] }))).toMatchObject({ modalities: "text, image", capabilities: "as the catalogue says", quality: "not said" });
});

test("what is put into a cache has its price", () => {
  const held = model("large", { price: price({ cacheWrite: "3.125", cacheWriteHour: "5" }) });
  expect(modelBody(draftOfModel(held), null, held).price).toEqual({
    input: "2.5",
    output: "10",
    cachedInput: "1.25",
    cacheWrite: "3.125",
    cacheWriteHour: "5",
  });
  expect(priceBody({ ...noPrice, input: "3", output: "15", cacheWrite: "3,75" })).toEqual({ input: "3", output: "15", cacheWrite: "3.75" });
  expect(priceOfEntry(catalogueModel("large", { cacheWrite: "3.75" })).cacheWrite).toBe("3.75");
});

test("a line of a batch may pay a part", () => {
  const held = model("large", { price: price({ batch: "0.5" }) });
  expect(modelBody(draftOfModel(held), null, held).price).toMatchObject({ batch: "0.5" });
  expect(priceBody({ ...noPrice, input: "3", output: "15", batch: "0,5" })).toEqual({ input: "3", output: "15", batch: "0.5" });
  expect([partFault("0.5"), partFault(""), partFault("1")]).toEqual([null, null, null]);
  expect(partFault("2")).toContain("from 0 to 1");
});

test("a price counts once it is whole", () => {
  expect(priceBody({ ...noPrice, input: "1" })).toBeNull();
  expect(priceBody({ ...noPrice, input: "1,5", output: "3" })).toEqual({ input: "1.5", output: "3" });
  expect(priceFault("1.1234567")).toMatch(/six/);
  expect(priceFault("cheap")).toMatch(/number/);
});

test("the catalogue is searched by what one remembers, the nearest first", () => {
  const entries = ["gpt-4o-mini", "gpt-4o", "o4-mini"].map((id) => ({ id, family: "gpt" }) as CatalogueModel);
  expect(suggestions(entries, "GPT-4o").map(({ id }) => id)).toEqual(["gpt-4o", "gpt-4o-mini"]);
  expect(suggestions(entries, " ")).toEqual([]);
});
