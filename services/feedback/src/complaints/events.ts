/**
 * A complaint: somebody is dissatisfied and said so. Guards the order of ISO 10002 — acknowledged, assessed, answered, resolved,
 * closed —, that it closes on the customer's agreement or openly as something else, and that one about quality or safety does not
 * close before the lot was judged. Stream: complaint-<complaintId>. All its events are public; the customer's words are encrypted.
 */
import type {
  ComplaintAcknowledged, ComplaintAssessed, ComplaintClosed, ComplaintEscalated, ComplaintReceived, ComplaintResolved, ComplaintResponded,
} from '@touchstone/contracts/feedback';

export const complaintStream = (complaintId: string): string => `complaint-${complaintId}`;

export type ComplaintEvent =
  | ComplaintReceived | ComplaintAcknowledged | ComplaintAssessed | ComplaintResponded | ComplaintResolved | ComplaintEscalated | ComplaintClosed;
