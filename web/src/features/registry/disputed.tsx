import type { CatalogueModel } from "@/api/schema.gen";
import { Notice } from "@/components/notice";

/** Both sources of a price that is not agreed on. */
export function Disputed({ entry: { input, output, compared } }: { entry: CatalogueModel }) {
  return (
    <Notice tone="warn" title="Two sources state different prices">
      One says ${input ?? "?"} for input and ${output ?? "?"} for output, the other ${compared?.input ?? "?"} and ${compared?.output ?? "?"}, each per
      million tokens. Look at the vendor&rsquo;s page and enter what you pay.
    </Notice>
  );
}
