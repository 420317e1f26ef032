import { TriangleAlert } from "lucide-react";

import type { Kind } from "../shapes";
import { kinds } from "../words";

import { FORMATS, formats, type Format } from "./detect";
import type { Counting } from "./upload";
import type { Chosen } from "./use-chosen";

import { SelectField } from "@/components/form/select-field";
import { Notice } from "@/components/notice";
import { Head, Table } from "@/components/ui/table";

interface Props {
  of: Chosen;
  kind: Kind;
  onReadAs: (format: Format) => void;
  onCountAs: (counting: Counting) => void;
}

/** The first rows of a file, as they will be read. */
export function Preview({ of: { format, counting, preview }, kind, onReadAs, onCountAs }: Props) {
  return (
    <>
      {format === null && (
        <Notice tone="bad" title="This file cannot be read">
          It is empty, or in a format that Hone does not know.
        </Notice>
      )}
      <SelectField
        label="Read as"
        help="Found by what the file begins with."
        value={format ?? ""}
        placeholder="Choose a format"
        options={FORMATS.map((value) => ({ value, label: formats[value] }))}
        onChange={(value) => onReadAs(value as Format)}
      />
      <SelectField
        label="Count them as"
        help="Where a line does not say so itself."
        value={counting}
        options={[
          { value: "pending", label: "To be reviewed, one by one" },
          { value: "validated", label: "Approved: somebody has looked at them" },
        ]}
        onChange={(value) => onCountAs(value as Counting)}
      />
      {preview.note !== null && <p className="text-quiet">{preview.note}</p>}
      {preview.rows.length > 0 && <Rows rows={preview.rows} kind={kind} />}
    </>
  );
}

function Rows({ rows, kind }: { rows: Chosen["preview"]["rows"]; kind: Kind }) {
  const { input, output } = kinds[kind];
  return (
    <section aria-labelledby="first-rows">
      <h3 id="first-rows" className="font-medium">
        The first rows
      </h3>
      <Table className="mt-1 table-fixed">
        <thead>
          <tr>
            <Head numeric className="w-10">
              Line
            </Head>
            <Head>{input}</Head>
            <Head className="w-2/5">{output}</Head>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line} className="h-9 border-t border-line align-top">
              <td className="py-2 pr-2 text-right text-quiet">{row.line}</td>
              {row.fault === null ? (
                <>
                  <td className="px-2 py-2">
                    <span className="line-clamp-2 wrap-anywhere">{row.input}</span>
                  </td>
                  <td className="px-2 py-2">
                    <span className="line-clamp-2 wrap-anywhere">{row.output}</span>
                  </td>
                </>
              ) : (
                <td colSpan={2} className="px-2 py-2 text-warn">
                  <TriangleAlert aria-hidden="true" className="mr-1.5 inline size-4" />
                  {row.fault} {row.input !== "" && <span className="text-quiet">“{row.input.slice(0, 80)}”</span>}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
