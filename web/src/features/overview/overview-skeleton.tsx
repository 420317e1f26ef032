import { Skeleton } from "@/components/ui/skeleton";

/** The page's shape while its figures are on their way; the same heights, so that nothing moves when they come. */
export function OverviewSkeleton() {
  return (
    <div className="space-y-8" role="status" aria-label="Loading the overview">
      <Skeleton className="h-6 max-w-lg" />
      <div className="grid grid-cols-2 gap-6 lg:grid-cols-[1.3fr_1fr_1fr_1fr]">
        {["requests", "failed", "latency", "cost"].map((name) => (
          <div key={name} className="space-y-2">
            <Skeleton className="h-4 w-16" />
            <Skeleton className="h-8 w-28" />
            <Skeleton className="h-4 w-36 max-w-full" />
          </div>
        ))}
      </div>
      <div className="grid gap-12 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Skeleton className="h-122" />
        <Skeleton className="h-60" />
      </div>
    </div>
  );
}
