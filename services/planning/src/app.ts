/** What hosts may import: the service as a whole. */
export { planning } from './app.module.js';
