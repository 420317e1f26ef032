import { deliveryWords } from "./words";

import type { AlertDelivery } from "@/api/watch";
import { When } from "@/components/when";

/** Who was told of it, and who could not be. */
export function Deliveries({ of: deliveries, heading: Heading }: { of: readonly AlertDelivery[]; heading: "h2" | "h3" }) {
  if (deliveries.length === 0) return null;
  return (
    <section aria-labelledby="told">
      <Heading id="told" className="font-semibold">
        Who was told
      </Heading>
      <ul className="mt-2 text-sm">
        {deliveries.map((each) => (
          <li key={`${each.channel} ${each.event} ${each.createdAt}`} className="border-t border-line py-1.5">
            <span className="first-letter:uppercase">{deliveryWords(each)}</span>{" "}
            <span className="text-quiet">
              <When at={each.endedAt ?? each.createdAt} />
            </span>
            {each.error !== null && <p className="text-bad">{each.error}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
