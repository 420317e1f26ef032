import { Link, useParams } from "@tanstack/react-router";

import { OperationDetail } from "@/features/operations/detail/operation-detail";
import { paths } from "@/lib/paths";

/** One call, whole. */
export default function OperationPage() {
  const { operationId = "" } = useParams({ strict: false });
  return (
    <>
      <title>{`${operationId} · Hone`}</title>
      <p className="mb-3">
        <Link to={paths.operations} className="hit text-accent-ink underline">
          All operations
        </Link>
      </p>
      <OperationDetail id={operationId} heading="h1" />
    </>
  );
}
