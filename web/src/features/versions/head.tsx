import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { Fragment } from "react";

import { paths } from "@/lib/paths";

interface Props {
  title: string;
  /** The model that a version is of. */
  model?: string;
}

/** The name of a page, and what it belongs to. */
export function VersionsHead({ title, model }: Props) {
  return (
    <Fragment>
      <p className="flex flex-wrap items-center gap-1 text-sm text-quiet">
        <Link to={paths.versions} className="hit rounded-sm hover:text-ink hover:underline">
          Versions
        </Link>
        <ChevronRight aria-hidden="true" className="size-3.5" />
        {model !== undefined && (
          <>
            <Link to={paths.trained} params={{ name: model }} className="hit rounded-sm break-all hover:text-ink hover:underline">
              {model}
            </Link>
            <ChevronRight aria-hidden="true" className="size-3.5" />
          </>
        )}
      </p>
      <h1 className="text-title font-semibold tracking-tight break-words">{title}</h1>
    </Fragment>
  );
}
