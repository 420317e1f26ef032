import { useRouterState } from "@tanstack/react-router";

import { navigation, settings } from "../navigation";

/** Stands where a page will be. */
export default function UnbuiltPage() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const title = [...navigation.flatMap(({ items }) => items), ...settings].find((item) => item.path === path)?.title ?? "Page";
  return (
    <>
      <title>{`${title} · Hone`}</title>
      <h1 className="text-title font-semibold tracking-tight">{title}</h1>
    </>
  );
}
