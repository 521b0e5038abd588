/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { controlChart } from './control-charts/decider.js';
export { inspection } from './inspections/decider.js';
export { lot } from './lots/decider.js';
export { nonconformity } from './nonconformities/decider.js';
export { task } from './tasks/decider.js';
export { delivery } from './deliveries/decider.js';
