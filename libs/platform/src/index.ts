/**
 * The platform: what every Nest service needs around its slices. HTTP in and problem documents out, an actor on every call,
 * validation, paging, bulk import, history, health. It guards: deny by default, limited and validated input, no secret in a log.
 */
export * from './bulk.js';
export * from './command-schema.js';
export * from './config.js';
export * from './create-service.js';
export * from './epochs/epochs.controller.js';
export * from './epochs/log-epochs.js';
export * from './epochs/withdrawn.js';
export * from './fields.js';
export * from './history.js';
export * from './http.js';
export * from './inbound/inbound-desk.js';
export * from './identity.js';
export * from './logging.js';
export { Metrics } from './metrics.js';
export * from './operations.js';
export * from './paging.js';
export * from './parked.controller.js';
export * from './permissions.js';
export * from './problem.js';
export * from './rate.js';
export * from './run-service.js';
export * from './service.js';
export * from './simulated-time.js';
export * from './validate-command.js';
