/**
 * One step of a database's schema. Forward only: each runs once, in the order of `version`, in a transaction of its own, on a
 * system that may be at work. So a step adds; it never rewrites a large table under a lock, and once released it never changes:
 * its hash is recorded with it.
 */
export interface Migration {
  readonly version: number;
  /** Its tables and functions lie in `public`; nobody but the owner has a right to them that `grants` does not give. */
  readonly sql: string;
  /**
   * Indices on tables that are at work, by name: `{ event_by_type: 'on event (type)' }`. Built before `sql` and outside its
   * transaction, without keeping writers away; one that was broken off is built again.
   */
  readonly indexes?: Readonly<Record<string, string>>;
  /**
   * What the application role may do with what the step made; given again at each start, so that another role can take over.
   * It may read what was recorded, and add to it through `append_batch` only: never insert, update, delete or truncate.
   */
  readonly grants?: (role: string) => string;
}
