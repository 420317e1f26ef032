import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";

import { errorAt, errorBeside } from "./errors";
import { TextField } from "./text-field";

const named = (param: string) => Object.assign(new Error("There is no model 'x'."), { param });

test("a refusal stands at the field that it names, and nowhere else", () => {
  expect(errorAt(named("targets.0.model"), "targets")).toBe("There is no model 'x'.");
  expect(errorAt(named("targets"), "name")).toBeNull();
  expect(errorAt(new Error("away"), "name")).toBeNull();
  expect(errorBeside(named("targets"), ["name", "targets"])).toBeNull();
  expect(errorBeside(named("networks"), ["name"])?.message).toBe("There is no model 'x'.");
});

function Form() {
  const [value, setValue] = useState("");
  return <TextField label="Name" value={value} onChange={setValue} check={(text) => (text === "" ? "A name is needed." : null)} />;
}

test("a value is checked as one types, and not before", () => {
  render(<Form />);
  const field = screen.getByLabelText("Name");
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.change(field, { target: { value: "a" } });
  fireEvent.change(field, { target: { value: "" } });
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toBe("A name is needed.");
  expect(field.getAttribute("aria-describedby")).toBe(alert.id);
});
