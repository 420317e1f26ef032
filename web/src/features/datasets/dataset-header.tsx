import { useLocation } from "@tanstack/react-router";
import { MoreHorizontal, Snowflake, Upload } from "lucide-react";

import { DatasetFiles } from "./dataset-files";
import type { Asked } from "./routes";
import type { DatasetRead } from "./shapes";
import { TrainOn } from "./train-on";
import { answerOf, kinds } from "./words";

import { Crumbs } from "@/components/crumbs";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import { cn } from "@/lib/cn";
import { count, percent, plural } from "@/lib/format";
import { paths } from "@/lib/paths";

interface Props {
  dataset: DatasetRead;
  onAsk: (asked: Asked) => void;
}

/** What a dataset is called, what it is worth, and what one does with it. */
export function DatasetHeader({ dataset, onAsk }: Props) {
  const { name, kind, description } = dataset;
  // On a phone a review needs the room for what is reviewed.
  const gives = useLocation({ select: ({ pathname }) => pathname.endsWith("/review") }) && "max-sm:hidden";
  return (
    <header className="mb-6 flex flex-wrap items-start gap-x-6 gap-y-4 max-sm:mb-4">
      <div className="min-w-0 flex-1 basis-80">
        <Crumbs to={paths.datasets}>Datasets</Crumbs>
        <h1 className="flex flex-wrap items-baseline gap-x-3 text-title font-semibold tracking-tight">
          <span className="min-w-0 break-words">{name}</span>
          <span className="text-sm font-normal tracking-normal text-quiet">{kinds[kind].label}</span>
        </h1>
        <div className={cn(gives)}>
          <Figures of={dataset} />
        </div>
        <p role="status" className={cn("mt-0.5 max-w-[72ch] text-pretty", gives)}>
          {answerOf(dataset)}
        </p>
        {description !== "" && <p className={cn("mt-0.5 max-w-[72ch] text-pretty text-quiet", gives)}>{description}</p>}
      </div>
      <div className={cn("flex flex-wrap gap-2", gives)}>
        <Actions of={dataset} onAsk={onAsk} />
      </div>
    </header>
  );
}

function Figures({ of: { validated, examples, averageQuality } }: { of: DatasetRead }) {
  return (
    <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
      <span className="text-figure font-semibold tracking-tight">{count(validated)}</span>
      <span className="text-quiet">
        approved of {plural(examples, "example")}
        {averageQuality !== null && ` · ${percent(averageQuality)} average quality`}
      </span>
    </p>
  );
}

function Actions({ of: dataset, onAsk }: { of: DatasetRead; onAsk: Props["onAsk"] }) {
  return (
    <>
      <Permitted to="datasets:write">
        <Button onClick={() => onAsk("import")}>
          <Upload aria-hidden="true" /> Import
        </Button>
      </Permitted>
      <DatasetFiles dataset={dataset} />
      <Permitted to="datasets:write">
        <Popover
          name="More about this dataset"
          label={
            <>
              <MoreHorizontal aria-hidden="true" /> More
            </>
          }
        >
          {(close) => (
            <ul aria-label="More about this dataset">
              {(["edit", "delete"] as const).map((asked) => (
                <li key={asked}>
                  <Button
                    look="quiet"
                    className="w-full justify-start px-2 pointer-coarse:h-11"
                    onClick={() => {
                      close();
                      onAsk(asked);
                    }}
                  >
                    {asked === "edit" ? "Change name and sources" : "Delete the dataset"}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Popover>
        <Button disabled={dataset.validated === 0} onClick={() => onAsk("freeze")}>
          <Snowflake aria-hidden="true" /> Freeze a version
        </Button>
      </Permitted>
      <TrainOn dataset={dataset} />
    </>
  );
}
