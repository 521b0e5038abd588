import { runService } from '@touchstone/platform';
import { control } from './app.module.js';

await runService(control);
