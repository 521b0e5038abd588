/** What hosts may import to re-run decisions: the deciders, without Nest. */
export { accountDecider } from './accounts/decider.js';
export { caseDecider } from './cases/decider.js';
export { complaintDecider } from './complaints/decider.js';
export { purchaseDecider } from './purchases/decider.js';
