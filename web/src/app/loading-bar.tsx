import { useRouterState } from "@tanstack/react-router";

/** Shows that a page is on its way; what takes under 150 ms is never told (its animation begins later). */
export function LoadingBar() {
  const loading = useRouterState({ select: ({ isLoading }) => isLoading });
  if (!loading) return null;
  return (
    <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-0.5 overflow-hidden">
      <div className="loading-bar h-full bg-accent" />
    </div>
  );
}
