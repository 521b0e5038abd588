/** What hosts may import: the service as a whole. */
export { assurance } from './app.module.js';
