import { unreachable } from '@touchstone/kernel';
import type { ComplaintEvent } from './events.js';

export interface Complaint {
  readonly complaintId: string;
  readonly accountId: string;
  readonly lotId?: string;
  readonly acknowledgeBy: string;
  readonly respondBy: string;
  readonly acknowledged: boolean;
  readonly assessment?: { readonly severity: string; readonly about: string; readonly team: string };
  readonly response?: string;
  readonly resolution?: { readonly customerAgrees: boolean; readonly recovery: string };
  readonly escalations: readonly string[];
  readonly closed: boolean;
}

/** The complaint after the event; undefined is one that nobody received. */
export function evolve(state: Complaint | undefined, event: ComplaintEvent): Complaint {
  if (event.type === 'feedback.ComplaintReceived.v1') {
    const { complaintId, accountId, lotId, acknowledgeBy, respondBy } = event.data;
    return { complaintId, accountId, ...(lotId !== undefined && { lotId }), acknowledgeBy, respondBy, acknowledged: false, escalations: [], closed: false };
  }
  if (!state) throw new Error(`${event.type} before the complaint was received`);
  switch (event.type) {
    case 'feedback.ComplaintAcknowledged.v1': return { ...state, acknowledged: true };
    case 'feedback.ComplaintAssessed.v1': {
      const { severity, about, team } = event.data;
      return { ...state, assessment: { severity, about, team } };
    }
    case 'feedback.ComplaintResponded.v1': return { ...state, response: event.data.response };
    case 'feedback.ComplaintResolved.v1': {
      const { customerAgrees, recovery } = event.data;
      return { ...state, resolution: { customerAgrees, recovery } };
    }
    case 'feedback.ComplaintEscalated.v1': return { ...state, escalations: [...state.escalations, event.data.why] };
    case 'feedback.ComplaintClosed.v1': return { ...state, closed: true };
    default: return unreachable(event);
  }
}

/** Whether it blames what was delivered, of a lot that is known: then the lot has to be judged too. */
export const blamesLot = ({ lotId, assessment }: Complaint): boolean =>
  lotId !== undefined && (assessment?.about === 'quality' || assessment?.about === 'safety');
