import { useState } from "react";

/** A value, or while it is held, what it was when the holding began. */
export function useHeld<Value>(value: Value, held: boolean): Value {
  const [kept, setKept] = useState(value);
  if (held) return kept;
  if (kept !== value) setKept(value);
  return value;
}
