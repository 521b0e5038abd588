/**
 * One step of a database's schema. Forward only: each runs once, in the order of `version`, in a transaction of its own, on a
 * system that may be at work. So a step adds; it never rewrites a large table under a lock.
 */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /**
   * What the application role may do with what the step made; given again at each start, so that another role can take over.
   * It may insert and read, but never update, delete or truncate what was recorded.
   */
  readonly grants?: (role: string) => string;
}
