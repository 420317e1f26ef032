import type { PriceRead } from "@/api/schema.gen";
import { Cell, Head, Row, Table } from "@/components/ui/table";
import { DASH, price as priced } from "@/lib/format";
import { fullTime } from "@/lib/time";

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** Every price, newest first; what is past was billed so and stays. */
export function PriceHistory({ prices, inForce }: { prices: readonly PriceRead[]; inForce: string | null }) {
  const place = prices.findIndex(({ id }) => id === inForce);
  return (
    <Table>
      <thead>
        <tr>
          <Head>From</Head>
          <Head numeric>Input</Head>
          <Head numeric>Output</Head>
          <Head numeric className="hidden sm:table-cell">
            Cached input
          </Head>
          <Head numeric className="hidden sm:table-cell">
            Cache write
          </Head>
          <Head numeric className="hidden sm:table-cell">
            For an hour
          </Head>
          <Head numeric className="hidden sm:table-cell">
            In a batch
          </Head>
          <Head className="hidden md:table-cell">Source</Head>
          <Head>State</Head>
        </tr>
      </thead>
      <tbody>
        {prices.map((price, index) => (
          <Row key={price.id}>
            <Cell>
              <time dateTime={price.effectiveFrom} title={fullTime(price.effectiveFrom)}>
                {day.format(new Date(price.effectiveFrom))}
              </time>
            </Cell>
            <Cell numeric>{priced(price.input)}</Cell>
            <Cell numeric>{priced(price.output)}</Cell>
            <Cell numeric className="hidden sm:table-cell">
              {price.cachedInput === null ? DASH : priced(price.cachedInput)}
            </Cell>
            <Cell numeric className="hidden sm:table-cell">
              {price.cacheWrite === null ? DASH : priced(price.cacheWrite)}
            </Cell>
            <Cell numeric className="hidden sm:table-cell">
              {price.cacheWriteHour === null ? DASH : `$${price.cacheWriteHour}`}
            </Cell>
            <Cell numeric className="hidden sm:table-cell">
              {price.batch === null ? DASH : `× ${price.batch}`}
            </Cell>
            <Cell className="hidden text-quiet md:table-cell">{price.source}</Cell>
            <Cell className={index === place ? "font-medium" : "text-quiet"}>
              {index === place ? "Holds now" : place === -1 || index < place ? "Will hold" : "Past"}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
