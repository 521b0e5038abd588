import { runService } from '@touchstone/platform';
import { assurance } from './app.module.js';

await runService(assurance);
