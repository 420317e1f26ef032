import { OperationsList } from "@/features/operations/operations-list";

/** Every call, as a list. */
export default function OperationsPage() {
  return (
    <>
      <title>Operations · Hone</title>
      <OperationsList />
    </>
  );
}
