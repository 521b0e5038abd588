import type { By, Decider, Fact, Refusal } from '@touchstone/kernel';
import { isSystem, refuse, unreachable } from '@touchstone/kernel';
import { canonicalize } from '@touchstone/ledger';
import type { ControlPlanDrafted, ItemRegistered } from '@touchstone/contracts/planning';
import { characteristicNoted, controlPlanApproved, controlPlanDrafted, controlPlanInForce } from '@touchstone/contracts/planning';
import { unfitCharacteristics } from './characteristics.js';
import type { ApproveControlPlan, ControlPlanCommand, DraftControlPlan, NoteCharacteristic, PutControlPlanInForce } from './commands.js';
import type { ControlPlanEvent } from './events.js';

export interface ControlPlan {
  /** By number: the first is revision 1. */
  readonly revisions: readonly Revision[];
  /** The revision that holds; 0 while none does. */
  readonly inForce: number;
  readonly notes: readonly Note[];
}

export type Revision = ControlPlanDrafted['data'] & { readonly approvedBy?: string };

export interface Note {
  readonly characteristicId: string;
  readonly note: string;
  readonly causeId: string;
}

export type ControlPlanFacts = { readonly item?: Fact<ItemRegistered['data'] | null> };

type Decision = readonly ControlPlanEvent[] | Refusal;

export const controlPlan: Decider<ControlPlan, ControlPlanCommand, ControlPlanEvent, ControlPlanFacts> = {
  name: 'planning.controlPlan',
  version: 1,
  initialState: () => ({ revisions: [], inForce: 0, notes: [] }),
  evolve(plan, event) {
    switch (event.type) {
      case 'planning.ControlPlanDrafted.v1': return { ...plan, revisions: [...plan.revisions, event.data] };
      case 'planning.ControlPlanApproved.v1': {
        const { revision, approvedBy } = event.data;
        return { ...plan, revisions: plan.revisions.map((each) => (each.revision === revision ? { ...each, approvedBy } : each)) };
      }
      case 'planning.ControlPlanInForce.v1': return { ...plan, inForce: event.data.revision };
      case 'planning.CharacteristicNoted.v1': {
        const { characteristicId, note, causeId } = event.data;
        return { ...plan, notes: [...plan.notes, { characteristicId, note, causeId }] };
      }
      default: return unreachable(event);
    }
  },
  decide(plan, command, facts, by) {
    switch (command.type) {
      case 'DraftControlPlan': return draft(plan, command, facts, by);
      case 'ApproveControlPlan': return approve(plan, command, by);
      case 'PutControlPlanInForce': return putInForce(plan, command, facts);
      case 'NoteCharacteristic': return note(plan, command);
      default: return unreachable(command);
    }
  },
};

function draft(plan: ControlPlan, { itemId, title, requiredInspections, characteristics }: DraftControlPlan, { item }: ControlPlanFacts, by: By): Decision {
  if (!item?.value) return refuse('ITEM_UNKNOWN', { itemId });
  const unfit = unfitCharacteristics(characteristics);
  if (unfit) return unfit;
  const written = { itemId, title, requiredInspections: [...new Set(requiredInspections)], characteristics, author: by.actor.id };
  const last = plan.revisions.at(-1);
  const next = controlPlanDrafted({ ...written, revision: plan.revisions.length + 1 });
  // The same draft again, while nobody has approved it, is the same revision.
  if (last && last.approvedBy === undefined && canonicalize({ ...next.data, revision: last.revision }) === canonicalize(last)) return [];
  return [next];
}

/** Two pairs of eyes: a person, and not the one who wrote it. */
function approve(plan: ControlPlan, { itemId, revision }: ApproveControlPlan, by: By): Decision {
  const drafted = revisionOf(plan, revision);
  if (!drafted) return unknown(plan, revision);
  if (isSystem(by.actor)) return refuse('PERSON_REQUIRED', { actor: by.actor.id });
  if (by.actor.id === drafted.author) return refuse('AUTHOR_CANNOT_APPROVE', { author: drafted.author, revision });
  return drafted.approvedBy === undefined ? [controlPlanApproved({ itemId, revision, approvedBy: by.actor.id })] : [];
}

function putInForce(plan: ControlPlan, { itemId, revision }: PutControlPlanInForce, { item }: ControlPlanFacts): Decision {
  const drafted = revisionOf(plan, revision);
  if (!drafted) return unknown(plan, revision);
  if (drafted.approvedBy === undefined) return refuse('PLAN_NOT_APPROVED', { revision });
  if (revision === plan.inForce) return [];
  if (revision < plan.inForce) return refuse('REVISION_SUPERSEDED', { revision, inForce: plan.inForce });
  if (!item?.value) return refuse('ITEM_UNKNOWN', { itemId });
  return [controlPlanInForce({ ...drafted, approvedBy: drafted.approvedBy, unit: item.value.unit })];
}

/** Noting changes no revision: what holds was approved, and stays as it was approved. */
function note(plan: ControlPlan, { itemId, characteristicId, note: text, causeId }: NoteCharacteristic): Decision {
  const known = [...new Set(plan.revisions.flatMap(({ characteristics }) => characteristics.map((each) => each.characteristicId)))];
  if (!known.includes(characteristicId)) return refuse('CHARACTERISTIC_NOT_IN_PLAN', { characteristicId, plan: known });
  const noted = plan.notes.some((each) => each.characteristicId === characteristicId && each.causeId === causeId && each.note === text);
  return noted ? [] : [characteristicNoted({ itemId, characteristicId, revision: plan.inForce, note: text, causeId })];
}

const revisionOf = (plan: ControlPlan, revision: number): Revision | undefined => plan.revisions[revision - 1];
const unknown = (plan: ControlPlan, revision: number): Refusal => refuse('REVISION_UNKNOWN', { revision, latest: plan.revisions.length });
