import { sliceModule } from '@touchstone/platform';
import { PoliciesController } from './policies.controller.js';
import { policyList } from './policy-list.projection.js';
import { policies } from './slice.js';

export const policiesModule = sliceModule({
  slice: policies,
  projections: [policyList],
  controllers: [PoliciesController],
});
