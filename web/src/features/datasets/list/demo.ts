/** A small set of made-up support messages, for those who want to see the pages before they have data of their own; enough for a version to pass its gates. */

interface Row {
  input: string;
  output: string;
  /** A program made them. */
  source: "automated";
  status: "validated" | "pending";
}

const openings = ["Hello,", "Hi there,", "Good morning,", "Quick question:", "Hey,"];

const endings = ["", " Thank you."];

const asks: Record<string, readonly string[]> = {
  booking: [
    "can we reserve the barn for a wedding in June?",
    "is the hall still free on the second Saturday of May?",
    "I would like to book the garden for forty guests",
    "how do I hold a date for next spring?",
    "which weekends in August are not taken yet?",
    "can we book the garden room for a birthday?",
    "is the barn free on the first weekend of July?",
    "we would like to reserve a date in autumn",
    "how long can you hold the hall for us?",
  ],
  cancellation: [
    "I have to call off our party on the 14th",
    "please cancel the reservation under Okafor",
    "what do we lose when we step back from the date?",
    "our event will not take place, what now?",
    "can I withdraw the booking and get the deposit back?",
    "we must cancel our wedding in September",
    "until when may we cancel without a fee?",
    "please call off the birthday, nobody can come",
    "we step back from the reservation of the barn",
  ],
  invoice: [
    "the invoice lists a cleaning fee that we never agreed to",
    "where do I find the bill for March?",
    "could you send the receipt to our accountant?",
    "the amount on the invoice is not what was offered",
    "may we pay in two instalments?",
    "we were charged twice on the last bill",
    "can the invoice be made out to my company?",
    "when is the second payment due?",
    "the receipt for the deposit is missing",
  ],
  catering: [
    "is there a vegan menu for the evening?",
    "may we bring our own cake?",
    "does the kitchen handle nut allergies?",
    "how late can dinner be served?",
    "what does the buffet for sixty cost?",
    "can the kitchen make a gluten-free dinner?",
    "is there a menu for children?",
    "may we bring our own wine to the dinner?",
    "does the buffet come with a cake?",
  ],
  directions: [
    "where do we park the coach?",
    "is there a train station near the venue?",
    "how do guests find the barn at night?",
    "can lorries reach the back entrance?",
    "what is the address for the navigation?",
    "how far is it from the train station to the barn?",
    "where can forty guests park?",
    "which road leads to the entrance of the garden?",
    "is there a bus to the venue at night?",
  ],
};

/** So many are left to be reviewed. */
const WAITING = 8;

/** Examples with a few faults on purpose: labels that are wrong, a text twice, and an address that names somebody. */
export function demoRows(): Row[] {
  const rows = Object.entries(asks).flatMap(([output, texts]) =>
    texts.flatMap((text) => openings.flatMap((opening) => endings.map((ending) => ({ input: `${opening} ${text}${ending}`, output })))),
  );
  const wrong = [
    { input: "Hello, please send the invoice for our wedding again", output: "booking" },
    { input: "Hi there, we need to cancel, can the date be freed?", output: "directions" },
  ];
  const twice = rows.slice(0, 2).map(({ input, output }) => ({ input: `${input}!`, output }));
  const personal = { input: "Good morning, please mail the receipt to jo.doe@example.org or ring +44 20 7946 0123", output: "invoice" };
  const all = [...rows, ...wrong, ...twice, personal];
  return all.map((row, index) => ({ ...row, source: "automated", status: index < all.length - WAITING ? "validated" : "pending" }));
}

export const DEMO_NAME = "demo-tickets";
export const DEMO_DESCRIPTION = "Made-up support messages of an event venue, some of them wrong on purpose.";

export const demoFile = (): Blob => new Blob(demoRows().map((row) => `${JSON.stringify(row)}\n`));
