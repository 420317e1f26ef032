/**
 * The only place where a URL of the dashboard is written.
 * Taken by the server, so never a page: /api, /v1, /ws, /docs, /metrics, /healthz, /readyz, /credentials, /assets.
 */
export const paths = {
  overview: "/",
  signIn: "/sign-in",
} as const;
