import {
  check,
  compared,
  dataset,
  datasets,
  datasetVersion,
  emptyDataset,
  entityExample,
  example,
  examples,
  findings,
  importedFile,
  statistics,
  withheld,
} from "../src/testing/datasets";
import { me } from "../src/testing/factories";
import { knowledgeSources } from "../src/testing/knowledge";

import { healthy, refusal, signedIn, type Answers, type State } from "./stage";

const page = (items: object[], next: string | null = null) => ({ items, total: items.length, next });
const LIST = "/api/datasets";
const ONE = `${LIST}/${dataset().id}`;
const AT = `/datasets/${dataset().id}`;
const empty = emptyDataset();

const answers: Answers = {
  ...healthy,
  [LIST]: page(datasets()),
  [ONE]: dataset(),
  [`${ONE}/examples`]: page(examples()),
  [`${ONE}/statistics`]: statistics(),
  [`${ONE}/findings`]: page(findings()),
  [`${ONE}/checks`]: page([check()]),
  [`${ONE}/versions`]: page([datasetVersion(3), datasetVersion(2), datasetVersion(1)]),
  [`${ONE}/versions/2/compare/3`]: compared(),
  [`POST ${ONE}/examples/review`]: { changed: 1, missing: [] },
};

const reader = me({ role: "analyst", permissions: ["operations:read", "datasets:read"] });

function at(path: string, seen: string, more: Answers = {}): State {
  return {
    path,
    serve: (shown) => signedIn(shown, { ...answers, ...more }),
    reach: (shown) => shown.getByText(seen).first().waitFor(),
  };
}

const CSV = "text,label,split\nWhere do we park the coach?,directions,train\n\"Dinner, how late?\",catering,train\nIs the hall free in May?,,train\n";
const file = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

/** A file was chosen in the dialog that imports. */
function importing(content: string, more: Answers = {}): State {
  return {
    ...at(`${AT}?ask=import`, "", more),
    reach: async (shown) => {
      await shown.getByLabel("Choose a file, or drop it here").setInputFiles(file("guests.csv", content));
      await shown.getByLabel("Read as").waitFor();
    },
  };
}

/** The same, and it was sent. */
function imported(more: Answers, seen: string): State {
  const chosen = importing(CSV, more);
  return {
    ...chosen,
    reach: async (shown) => {
      await chosen.reach(shown);
      await shown.getByRole("button", { name: "Import", exact: true }).last().click();
      await shown.getByText(seen).first().waitFor();
    },
  };
}

/** Something fails after it was tried again. */
function failing(path: string, heading: string, asked: string, seen: string): State {
  return {
    ...at(path, "", { [asked]: refusal("The database does not answer; calls are still served.") }),
    reach: async (shown) => {
      await shown.getByRole("heading", { name: heading }).first().waitFor();
      await shown.clock.runFor(10_000);
      await shown.getByText(seen).waitFor();
    },
  };
}

/** Keys are pressed in a review, one after the other. */
function reviewing(keys: string[], seen: string, more: Answers = {}): State {
  return {
    ...at(`${AT}/review`, "", more),
    reach: async (shown) => {
      await shown.getByRole("article", { name: "Example" }).waitFor();
      for (const key of keys) await shown.keyboard.press(key);
      await shown.getByText(seen).first().waitFor();
    },
  };
}

const lists: Record<string, State> = {
  datasets: at("/datasets", "things to look at"),
  "datasets-empty": at("/datasets", "Make the first dataset", { [LIST]: page([]) }),
  "datasets-nothing-found": at("/datasets?q=zebra", "No dataset matches", { [LIST]: page([]) }),
  "datasets-waiting": { ...at("/datasets", "", { [LIST]: undefined }), reach: (shown) => shown.getByRole("status", { name: "Loading the datasets" }).waitFor() },
  "datasets-failing": failing("/datasets", "Datasets", LIST, "could not be loaded"),
  "datasets-forbidden": at("/datasets", "not part of your role", { "/api/identity/me": me({ role: "user", permissions: ["ai:query"] }) }),
  "datasets-create-refused": {
    ...at("/datasets?create=true", "", { [`POST ${LIST}`]: refusal("This organization already has a dataset of that name.", "dataset_name_taken", 409, null, "name") }),
    reach: async (shown) => {
      await shown.getByLabel("Name", { exact: true }).fill("tickets");
      await shown.getByRole("button", { name: "Create and import" }).click();
      await shown.getByText("already has a dataset").waitFor();
    },
  },
};

const parts: Record<string, State> = {
  dataset: at(AT, "1,204"),
  "dataset-empty": at(`/datasets/${empty.id}`, "Bring the first examples in", { [`${LIST}/${empty.id}`]: empty, [`${LIST}/${empty.id}/examples`]: page([]), [`${LIST}/${empty.id}/statistics`]: statistics({ total: 0, byLabel: {} }) }),
  "dataset-withheld": at(`${AT}?example=${example(1).id}`, "does not let you read", { "/api/identity/me": reader, [`${ONE}/examples`]: page(withheld()) }),
  "dataset-panel": at(`${AT}?example=${example(5).id}`, "ex_01k9f3m"),
  "dataset-panel-entities": at(`${AT}?example=${entityExample().id}`, "guests", { [ONE]: dataset({ kind: "entity" }), [`${ONE}/examples`]: page([entityExample()]) }),
  "dataset-selected": {
    ...at(AT, ""),
    reach: async (shown) => {
      await shown.getByLabel("Select row 1", { exact: true }).press("Space");
      await shown.getByText("1 selected").waitFor();
    },
  },
  "dataset-delete": at(`${AT}?ask=delete`, "to confirm"),
  "dataset-import": at(`${AT}?ask=import`, "Choose a file, or drop it here"),
  "dataset-import-looked": importing(CSV),
  "dataset-import-unreadable": importing(""),
  "dataset-import-done": imported({ [`POST ${ONE}/import`]: importedFile() }, "44"),
};

const review: Record<string, State> = {
  "dataset-review": reviewing([], "0 of 6 reviewed"),
  "dataset-review-going": reviewing(["a", "r", "k"], "Press u to take it back"),
  "dataset-review-correct": reviewing(["e"], "Which label is right?"),
  "dataset-review-entities": reviewing(["e"], "What should come out?", { [ONE]: dataset({ kind: "entity" }), [`${ONE}/examples`]: page([entityExample()]) }),
  "dataset-review-done": reviewing(["a", "a", "r", "a", "a", "a"], "That was the last"),
  "dataset-review-lost": reviewing(["a"], "A decision was not kept", { [`POST ${ONE}/examples/review`]: refusal("The database does not answer; calls are still served.") }),
  "dataset-review-reader": at(`${AT}/review`, "not decide about them", { "/api/identity/me": reader }),
};

const found: Record<string, State> = {
  "dataset-findings": at(`${AT}/findings`, "New: 3 doubles"),
  "dataset-findings-none": at(`${AT}/findings`, "No finding is open", { [`${ONE}/findings`]: page([]), [`${ONE}/checks`]: page([]) }),
  "dataset-findings-running": at(`${AT}/findings`, "comparing texts", { [`${ONE}/checks`]: page([check({ state: "running", stage: "comparing texts", progress: 0.42, finishedAt: null })]) }),
  "dataset-finding-duplicates": at(`${AT}/findings?finding=${findings()[0]?.id ?? ""}`, "Merge 2 into one"),
  "dataset-finding-label": at(`${AT}/findings?finding=${findings()[1]?.id ?? ""}`, "Relabel as invoice"),
  "dataset-finding-pii": at(`${AT}/findings?finding=${findings()[2]?.id ?? ""}`, "Redact"),
  "dataset-finding-contradiction": at(`${AT}/findings?finding=${findings()[4]?.id ?? ""}`, "Change the examples themselves"),
};

const KNOWN: Answers = { [ONE]: dataset({ kind: "response" }), [`${ONE}/knowledge`]: page(knowledgeSources()) };

const known: Record<string, State> = {
  "dataset-findings-cancelled": at(`${AT}/findings`, "Cancelled", { [`${ONE}/checks`]: page([check({ state: "cancelled", stage: "cancelled", progress: 0.4 })]) }),
  "dataset-knowledge": at(`${AT}/knowledge`, "house-rules.pdf", KNOWN),
  "dataset-knowledge-empty": at(`${AT}/knowledge`, "Nothing to look answers up in", { ...KNOWN, [`${ONE}/knowledge`]: page([]) }),
  "dataset-knowledge-failed": at(`${AT}/knowledge?source=${knowledgeSources()[2]?.id ?? ""}`, "What it said before is kept", KNOWN),
  "dataset-knowledge-elsewhere": at(`${AT}/knowledge`, "Only answers are searched for"),
  "dataset-knowledge-refused": {
    ...at(`${AT}/knowledge?add=page`, "", { ...KNOWN, [`POST ${ONE}/knowledge`]: refusal("The host 'intranet' is not on the public internet.", "address_unfit", 422, null, "url") }),
    reach: async (shown) => {
      await shown.getByLabel("Address").fill("https://intranet/help");
      await shown.getByRole("button", { name: "Add the page" }).click();
      await shown.getByText("is not on the public internet").waitFor();
    },
  },
  "dataset-knowledge-upload": at(`${AT}/knowledge?add=document`, "at most 20 MB", KNOWN),
};

const figures: Record<string, State> = {
  "dataset-statistics": at(`${AT}/statistics`, "lost and found"),
  "dataset-versions": at(`${AT}/versions`, "Against version 2"),
  "dataset-versions-none": at(`${AT}/versions`, "Freeze the first version", { [ONE]: dataset({ version: null }), [`${ONE}/versions`]: page([]) }),
  "dataset-version": at(`${AT}/versions?version=3`, "The same content has the same hash"),
  "dataset-version-erased": at(`${AT}/versions?version=2`, "Its content is no longer kept", { [`${ONE}/versions`]: page([datasetVersion(3), datasetVersion(2, { available: false, erasures: [{ at: "2026-06-01T00:00:00Z", examples: 2 }] }), datasetVersion(1)]) }),
  "dataset-freeze-wrong": {
    ...at(`${AT}/versions?ask=freeze`, ""),
    reach: async (shown) => {
      await shown.getByLabel("For validation").fill("95");
      await shown.getByText("Something must be left to train on").first().waitFor();
    },
  },
};

export const datasetsStates: Record<string, State> = { ...lists, ...parts, ...review, ...found, ...known, ...figures };
