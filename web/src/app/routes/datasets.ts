import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { only, signedIn } from "./root";

import { datasetExamples, datasetFindings, datasetKnowledge, datasetReview, datasetsList, datasetVersions, oneDataset } from "@/features/datasets/routes";

const list = createRoute({
  getParentRoute: () => signedIn,
  path: datasetsList.path,
  validateSearch: datasetsList.validateSearch,
  beforeLoad: only(datasetsList.can),
  component: lazyRouteComponent(() => import("@/features/datasets/list/datasets-page")),
});

const dataset = createRoute({
  getParentRoute: () => signedIn,
  path: oneDataset.path,
  validateSearch: oneDataset.validateSearch,
  beforeLoad: only(oneDataset.can),
  component: lazyRouteComponent(() => import("@/features/datasets/dataset-page")),
});

const examples = createRoute({
  getParentRoute: () => dataset,
  path: "/",
  validateSearch: datasetExamples.validateSearch,
  component: lazyRouteComponent(() => import("@/features/datasets/examples/examples-page")),
});

const review = createRoute({
  getParentRoute: () => dataset,
  path: "review",
  validateSearch: datasetReview.validateSearch,
  component: lazyRouteComponent(() => import("@/features/datasets/review/review-page")),
});

const findings = createRoute({
  getParentRoute: () => dataset,
  path: "findings",
  validateSearch: datasetFindings.validateSearch,
  component: lazyRouteComponent(() => import("@/features/datasets/findings/findings-page")),
});

const statistics = createRoute({
  getParentRoute: () => dataset,
  path: "statistics",
  component: lazyRouteComponent(() => import("@/features/datasets/statistics/statistics-page")),
});

const versions = createRoute({
  getParentRoute: () => dataset,
  path: "versions",
  validateSearch: datasetVersions.validateSearch,
  component: lazyRouteComponent(() => import("@/features/datasets/versions/versions-page")),
});

const knowledge = createRoute({
  getParentRoute: () => dataset,
  path: "knowledge",
  validateSearch: datasetKnowledge.validateSearch,
  component: lazyRouteComponent(() => import("@/features/datasets/knowledge/knowledge-page")),
});

/** Improve: what models learn from. */
export const datasetsRoutes = [list, dataset.addChildren([examples, review, findings, statistics, versions, knowledge])] as const;
