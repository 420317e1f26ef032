import type { VersionRead } from "@/api/versions";
import { CopyButton } from "@/components/copy-button";
import { Facts } from "@/components/facts";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { When } from "@/components/when";
import { Who } from "@/components/who";
import { bytes } from "@/lib/format";

/** The artifact, file by file, each with the sum that proves it. */
export function Files({ of: { files, digest, createdBy, createdAt } }: { of: VersionRead }) {
  return (
    <section aria-labelledby="files" className="max-w-3xl">
      <h2 id="files" className="text-lg font-semibold">
        Files
      </h2>
      {files.length === 0 ? (
        <p className="mt-1 text-quiet">It was registered without files: nothing here can serve it.</p>
      ) : (
        <div className="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Files of the version">
          <Table>
            <thead>
              <tr>
                <Head>File</Head>
                <Head numeric>Size</Head>
                <Head>SHA-256</Head>
              </tr>
            </thead>
            <tbody>
              {files.map(({ name, size, sha256 }) => (
                <Row key={name}>
                  <Cell className="font-mono text-xs">{name}</Cell>
                  <Cell numeric>{bytes(size)}</Cell>
                  <Cell>
                    <code className="font-mono text-xs">{sha256.slice(0, 16)}…</code> <CopyButton text={sha256} what={`the checksum of ${name}`} />
                  </Cell>
                </Row>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      <Facts
        facts={{
          Digest: digest === "" ? null : <code className="font-mono text-xs break-all">{digest}</code>,
          Made: (
            <>
              <When at={createdAt} /> by <Who id={createdBy} />
            </>
          ),
        }}
      />
    </section>
  );
}
