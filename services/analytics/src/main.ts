import { runService } from '@touchstone/platform';
import { analytics } from './app.module.js';

await runService(analytics);
