import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import type { Column } from "./columns";
import { DataTable } from "./data-table";

interface Thing {
  id: string;
  size: number;
}

const columns: Column<Thing>[] = [
  { id: "id", header: "Name", cell: ({ id }) => id, priority: 1, fixed: true },
  { id: "size", header: "Size", cell: ({ size }) => size, numeric: true },
];
const things = (count: number): Thing[] => Array.from({ length: count }, (_, index) => ({ id: `thing ${index}`, size: index }));

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => (run(0), 0));
  Element.prototype.scrollIntoView = () => undefined;
});

function Page({ rows, onOpened }: { rows: Thing[]; onOpened?: (id: string) => void }) {
  const [open, setOpen] = useState<string | null>(null);
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return (
    <DataTable
      what="things"
      columns={columns}
      rows={rows}
      getKey={({ id }) => id}
      open={open}
      onOpen={({ id }) => {
        setOpen(id);
        onOpened?.(id);
      }}
      onClose={() => setOpen(null)}
      selection={{ keys, onChange: setKeys }}
      bulk={(picked) => <button type="button">Delete {picked.length}</button>}
    />
  );
}

const row = (name: string) => screen.getByText(name).closest("tr");
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test("j and k walk, Enter opens, j walks the detail, Escape closes and gives the focus back", () => {
  const opened: string[] = [];
  render(<Page rows={things(4)} onOpened={(id) => opened.push(id)} />);
  press("j");
  expect(document.activeElement).toBe(row("thing 0"));
  press("j");
  press("k");
  press("j");
  expect(document.activeElement).toBe(row("thing 1"));
  press("Enter");
  press("j");
  expect(opened).toEqual(["thing 1", "thing 2"]);
  press("Escape");
  expect(document.activeElement).toBe(row("thing 2"));
  press("End");
  expect(document.activeElement).toBe(row("thing 3"));
});

test("a row that the focus came to by itself is the one that Enter opens", () => {
  const opened: string[] = [];
  render(<Page rows={things(3)} onOpened={(id) => opened.push(id)} />);
  act(() => row("thing 0")?.focus());
  press("Enter");
  expect(opened).toEqual(["thing 0"]);
});

test("nothing is walked or closed while a dialog lies above", () => {
  const opened: string[] = [];
  render(
    <>
      <Page rows={things(3)} onOpened={(id) => opened.push(id)} />
      <dialog open>Sure?</dialog>
    </>,
  );
  act(() => row("thing 0")?.focus());
  press("j");
  press("Enter");
  expect(document.activeElement).toBe(row("thing 0"));
  expect(opened).toEqual([]);
});

test("x and Shift select, Escape clears, and what can be done is offered", () => {
  render(<Page rows={things(5)} />);
  press("j");
  press("x");
  expect(screen.getByText("1 selected")).toBeTruthy();
  fireEvent.click(screen.getByLabelText("Select row 4"), { shiftKey: true });
  expect(screen.getByRole("button", { name: "Delete 4" })).toBeTruthy();
  press("Escape");
  expect(screen.queryByText(/selected/)).toBeNull();
  fireEvent.click(screen.getByLabelText("Select all loaded rows"));
  expect(screen.getByText("5 selected")).toBeTruthy();
});

test("a letter typed into a field moves nothing", () => {
  render(
    <>
      <input aria-label="Name" />
      <Page rows={things(2)} />
    </>,
  );
  screen.getByLabelText("Name").focus();
  press("j");
  expect(document.activeElement).toBe(screen.getByLabelText("Name"));
});

test("a press on a control in a row is the control's", () => {
  const pressed = vi.fn();
  const opened = vi.fn();
  const withButton: Column<Thing>[] = [{ id: "do", header: "Do", cell: () => <button type="button" onClick={pressed}>Do it</button> }];
  render(<DataTable what="things" columns={withButton} rows={things(1)} getKey={({ id }) => id} onOpen={opened} />);
  fireEvent.click(screen.getByRole("button", { name: "Do it" }));
  expect(pressed).toHaveBeenCalledOnce();
  expect(opened).not.toHaveBeenCalled();
});

test("says that it waits, that it failed, and that there is nothing", () => {
  const retry = vi.fn();
  const table = (rows: Thing[] | undefined, error: Error | null = null) => (
    <DataTable what="things" columns={columns} rows={rows} getKey={({ id }) => id} error={error} onRetry={retry} empty={<p>No things yet</p>} />
  );
  const { rerender } = render(table(undefined));
  expect(screen.getByRole("status", { name: "Loading the things" })).toBeTruthy();
  rerender(table(undefined, new Error("The database is away.")));
  fireEvent.click(within(screen.getByRole("alert")).getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
  rerender(table([]));
  expect(screen.getByText("No things yet")).toBeTruthy();
  rerender(table(things(1), new Error("The database is away.")));
  expect(screen.getByText("thing 0")).toBeTruthy();
  expect(screen.getByText("The things could not be brought up to date")).toBeTruthy();
});

test("asks for the next page when its end comes near, and not while one is on its way", () => {
  let seen: IntersectionObserverCallback = () => undefined;
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: IntersectionObserverCallback) {
        seen = callback;
      }
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  const load = vi.fn();
  const table = (loading: boolean) => (
    <DataTable what="things" columns={columns} rows={things(2)} getKey={({ id }) => id} more={{ has: true, loading, load }} />
  );
  const near = () => act(() => seen([{ isIntersecting: true } as IntersectionObserverEntry], {} as IntersectionObserver));
  const { rerender } = render(table(false));
  near();
  expect(load).toHaveBeenCalledOnce();
  rerender(table(true));
  near();
  expect(load).toHaveBeenCalledOnce();
});
