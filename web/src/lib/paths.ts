/**
 * The only place where a URL of the dashboard is written.
 * Taken by the server, so never a page: /api, /v1, /ws, /docs, /metrics, /healthz, /readyz, /credentials, /assets.
 */
export const paths = {
  overview: "/",
  playground: "/playground",
  routes: "/routes",
  models: "/models",
  providers: "/providers",
  keys: "/keys",
  limits: "/limits",
  operations: "/operations",
  operation: "/operations/$operationId",
  settings: "/settings",
  profile: "/settings/profile",
  sessions: "/settings/sessions",
  people: "/settings/people",
  teams: "/settings/teams",
  security: "/settings/security",
  organization: "/settings/organization",
  audit: "/settings/audit",
  retention: "/settings/retention",
  signIn: "/sign-in",
  forgotPassword: "/forgot-password",
  setPassword: "/set-password",
} as const;

export type PagePath = (typeof paths)[keyof typeof paths];
