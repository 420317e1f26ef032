import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileUp, Globe } from "lucide-react";

import { useDataset } from "../dataset-context";
import type { KnowledgeSearch } from "../routes";

import { AddPageDialog, UploadDialog } from "./add-dialog";
import { columns } from "./columns";
import { KnowledgePanel } from "./knowledge-panel";
import { useKnowledge } from "./queries";

import type { KnowledgeRead } from "@/api/schema.gen";
import { DataTable } from "@/components/data-table/data-table";
import { EmptyState } from "@/components/empty-state";
import { Permitted } from "@/components/permitted";
import { Button } from "@/components/ui/button";
import { paths } from "@/lib/paths";
import { without } from "@/lib/url-state";

/** Pages, FAQs and documents that answers are searched in, besides what was approved. */
export default function KnowledgePage() {
  const { id, name, kind } = useDataset();
  const search: KnowledgeSearch = useSearch({ from: "/signed-in/datasets/$datasetId/knowledge" });
  const navigate = useNavigate();
  const show = (next: KnowledgeSearch) => void navigate({ to: paths.datasetKnowledge, params: { datasetId: id }, search: next, replace: true });
  const close = () => show(without(search, "source"));
  const list = useKnowledge(id);
  const opened = list.rows?.find((row) => row.id === search.source);
  const made = ({ id: source }: KnowledgeRead) => show({ source });
  const title = <title>{`${name} · Knowledge · Hone`}</title>;
  if (kind !== "response") {
    return (
      <EmptyState title="Only answers are searched for in pages">
        {title}
        <p>Pages, FAQs and documents belong to a dataset of answers: make one of the kind Answers.</p>
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4">
      {title}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="max-w-[72ch] min-w-0 flex-1 basis-80 text-pretty text-quiet">
          A model of answers that is trained on this dataset answers with what was approved, or with a passage of these, and names the page.
        </p>
        <Permitted to="datasets:write">
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => show({ add: "document" })}>
              <FileUp aria-hidden="true" /> Upload a document
            </Button>
            <Button look="primary" onClick={() => show({ add: "page" })}>
              <Globe aria-hidden="true" /> Add a page
            </Button>
          </div>
        </Permitted>
      </div>
      <DataTable
        what="pages and documents"
        columns={columns}
        getKey={(source) => source.id}
        onOpen={(source) => show({ source: source.id })}
        open={opened?.id ?? null}
        onClose={close}
        {...list}
        empty={
          <EmptyState title="Nothing to look answers up in">
            <p>Add your help pages and FAQs by their address: they are read within seconds, and again when they change. Or upload a PDF document, a text, or a list of questions with answers.</p>
          </EmptyState>
        }
      />
      {opened && <KnowledgePanel dataset={id} of={opened} onClose={close} />}
      <Permitted to="datasets:write">
        {search.add === "page" && <AddPageDialog dataset={id} onMade={made} onClose={() => show({})} />}
        {search.add === "document" && <UploadDialog dataset={id} onMade={made} onClose={() => show({})} />}
      </Permitted>
    </div>
  );
}
