import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { madeOfQuery, type Made } from "@/api/made-of";
import { useMay } from "@/api/me";
import { paths } from "@/lib/paths";

const states = { pending: "needs review", validated: "approved", rejected: "rejected" } as const;

/** What became of something in training data: its examples, with the versions that hold them. */
export function ExamplesMade({ of, none }: { of: Made; none: string }) {
  const may = useMay("datasets:read");
  const { data } = useQuery({ ...madeOfQuery(of), enabled: may });
  if (!may || !data) return null;
  return (
    <section aria-labelledby="examples-made" className="mt-6">
      <h3 id="examples-made" className="font-semibold">
        In training data
      </h3>
      {data.length === 0 && <p className="mt-1 text-quiet">{none}</p>}
      <ul className="mt-1 space-y-1">
        {data.map(({ id, dataset, datasetId, label, validationStatus, versions }) => (
          <li key={id}>
            <Link to={paths.dataset} params={{ datasetId }} search={{ example: id }} className="hit text-accent-ink underline underline-offset-4">
              {label ?? "An example"} in {dataset}
            </Link>
            <span className="text-quiet">
              {" "}
              · {states[validationStatus]}
              {versions.length > 0 && ` · in version ${versions.slice(0, 5).join(", ")}${versions.length > 5 ? " and older" : ""}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
