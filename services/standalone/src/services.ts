import type { ServiceDefinition } from '@touchstone/platform';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';

/** All services of the platform. */
export const allServices: readonly ServiceDefinition[] = [control, feedback];
