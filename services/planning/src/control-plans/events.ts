/**
 * An item's control plan: what is measured, how, against which limits, and what happens at a signal. Guards: nobody approves
 * what he wrote, nothing holds that nobody approved, and one revision holds at a time. Stream: controlPlan-<itemId>, with all
 * revisions of the item's plan. All its events are public.
 */
import type { CharacteristicNoted, ControlPlanApproved, ControlPlanDrafted, ControlPlanInForce } from '@touchstone/contracts/planning';

export const controlPlanStream = (itemId: string): string => `controlPlan-${itemId}`;

export type ControlPlanEvent = ControlPlanDrafted | ControlPlanApproved | ControlPlanInForce | CharacteristicNoted;
