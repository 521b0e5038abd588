import { runService } from '@touchstone/platform';
import { feedback } from './app.module.js';

await runService(feedback);
