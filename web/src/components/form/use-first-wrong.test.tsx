import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { TextField } from "./text-field";
import { useFirstWrong } from "./use-first-wrong";

function Form({ error, wrong }: { error: Error | null; wrong: string | null }) {
  const form = useFirstWrong<HTMLFormElement>(error);
  return (
    <form ref={form}>
      <TextField label="Name" value="" onChange={() => undefined} />
      <TextField label="Issuer" value="" onChange={() => undefined} error={wrong} />
      <TextField label="Scopes" value="" onChange={() => undefined} error={wrong} />
    </form>
  );
}

test("a refusal leads to the first field that is wrong; a check while typing leads nowhere", () => {
  Element.prototype.scrollIntoView = () => undefined;
  const { rerender } = render(<Form error={null} wrong="Not an address." />);
  expect(document.activeElement).toBe(document.body);
  rerender(<Form error={new Error("Not an address.")} wrong="Not an address." />);
  expect(document.activeElement).toBe(screen.getByLabelText("Issuer"));
});
