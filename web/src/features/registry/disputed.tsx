import type { CatalogueModel } from "@/api/schema.gen";
import { Notice } from "@/components/notice";
import { price } from "@/lib/format";

const told = (amount: string | null | undefined) => (amount == null ? "an unknown price" : price(amount));

/** Both sources of a price that is not agreed on. */
export function Disputed({ entry: { input, output, compared } }: { entry: CatalogueModel }) {
  return (
    <Notice tone="warn" title="Two sources state different prices">
      One says {told(input)} for input and {told(output)} for output, the other {told(compared?.input)} and {told(compared?.output)}, each per
      million tokens. Look at the vendor&rsquo;s page and enter what you pay.
    </Notice>
  );
}
