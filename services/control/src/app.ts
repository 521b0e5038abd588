/** What hosts may import: the service as a whole. */
export { control } from './app.module.js';
