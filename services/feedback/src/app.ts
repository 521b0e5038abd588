/** What hosts may import: the service as a whole. */
export { feedback } from './app.module.js';
