import { runService } from '@touchstone/platform';
import { planning } from './app.module.js';

await runService(planning);
