/**
 * The event store: the log of one service, and everything that works on it. Commands are decided and appended
 * (`handle-command`), read models follow (`projection`, `read-model`), events lead to commands (`reaction`), time does so too
 * (`deadline`). It guards: nothing acknowledged is lost, nothing is skipped, a repeated command changes nothing.
 */
export * from './answer.js';
export * from './capabilities.js';
export * from './deadline.js';
export * from './declared-events.js';
export * from './decode.js';
export * from './epoch/gated-commands.js';
export * from './epoch/later-checkpoints.js';
export * from './epoch/lineage.js';
export * from './epoch/log-gate.js';
export * from './follower.js';
export * from './generations.js';
export * from './handle-command.js';
export * from './log-feed.js';
export * from './memory/memory-keys.js';
export * from './memory/memory-store.js';
export * from './memory/overlay-store.js';
export * from './parked-decisions.js';
export * from './parking.js';
export * from './personal.js';
export * from './postgres/connect.js';
export * from './postgres/create-database.js';
export * from './postgres/database-lost.js';
export * from './postgres/log-epochs.js';
export * from './postgres/migrate.js';
export * from './postgres/migrations/index.js';
export * from './postgres/postgres-store.js';
export * from './postgres/subject-keys.js';
export * from './projection.js';
export * from './reaction.js';
export * from './read-model.js';
export * from './read-models.js';
export * from './rebuild.js';
export * from './rows.js';
export * from './runtime.js';
export * from './served-model.js';
export * from './slice.js';
export * from './store.js';
export * from './stream-states.js';
export * from './upcast.js';
