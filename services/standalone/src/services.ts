import type { ServiceDefinition } from '@touchstone/platform';
import { analytics } from '@touchstone/analytics/app';
import { assurance } from '@touchstone/assurance/app';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';
import { planning } from '@touchstone/planning/app';

/** All services of the platform, in the order of the loop. */
export const allServices: readonly ServiceDefinition[] = [planning, control, assurance, feedback, analytics];
