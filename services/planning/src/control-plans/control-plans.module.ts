import { sliceModule } from '@touchstone/platform';
import { controlPlanList } from './control-plan-list.projection.js';
import { ControlPlansController } from './control-plans.controller.js';
import { noteRootCauseOnPlan } from './note-root-cause-on-plan.reaction.js';
import { controlPlans } from './slice.js';

export const controlPlansModule = sliceModule({
  slice: controlPlans,
  projections: [controlPlanList],
  reactions: [noteRootCauseOnPlan],
  controllers: [ControlPlansController],
});
