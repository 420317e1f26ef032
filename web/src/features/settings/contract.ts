/** What the API gives of one's own sessions that the generated types do not know yet. */
export interface Session {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  address: string;
  /** In words: `Chrome on Linux`. */
  userAgent: string;
  method: string;
  /** The one that asks. */
  current: boolean;
}
