import { useEffect, useState } from "react";

/** A value once it has not changed for a while: what is asked for as one types. */
export function useSettled<Value>(value: Value, pause = 350): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}
