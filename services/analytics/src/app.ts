/** What hosts may import: the service as a whole, and the policies it begins with. */
export { analytics } from './app.module.js';
export { loyaltyPolicies } from './loyalty/loyalty.policies.js';
