import { CodeField, Flag, OneOfField, TextField, Uuid } from '@touchstone/platform';
import { Personal } from '@touchstone/event-store';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';

export const severities = ['minor', 'major', 'critical'] as const;
export const subjects = ['quality', 'safety', 'service', 'other'] as const;
export const escalations = ['not-acknowledged', 'not-responded', 'customer-disagrees'] as const;
export const complaintOutcomes = ['confirmed', 'no-response', 'unresolved', 'duplicate', 'not-ours'] as const;

/** Somebody is dissatisfied and said so. What he said is personal: it is encrypted for the account. */
export class ReceiveComplaint {
  readonly type = 'ReceiveComplaint';
  @Uuid() complaintId!: string;
  @Uuid({ optional: true, description: 'the unassigned account when left out' }) accountId: string = UNASSIGNED_ACCOUNT_ID;
  @Uuid({ optional: true }) contactId?: string;
  @CodeField({ description: 'how it came in, e.g. phone' }) channel!: string;
  @TextField({ max: 120, description: 'what it is about, as the one who took it filed it' }) category!: string;
  @Personal('accountId') @TextField({ max: 8000, optional: true, description: 'in the words of the customer' }) text?: string;
  @Uuid({ optional: true }) lotId?: string;
  @Uuid({ optional: true }) deliveryId?: string;
  @CodeField({ optional: true, description: 'region the customer lives in' }) state?: string;
}

export class AcknowledgeComplaint {
  readonly type = 'AcknowledgeComplaint';
  @Uuid() complaintId!: string;
}

/** How severe it is, what it is about, and who looks after it: a person's judgement, which may be made anew. */
export class AssessComplaint {
  readonly type = 'AssessComplaint';
  @Uuid() complaintId!: string;
  @OneOfField(severities) severity!: (typeof severities)[number];
  @OneOfField(subjects) about!: (typeof subjects)[number];
  @CodeField({ description: 'who looks after it' }) team!: string;
}

export class RespondToComplaint {
  readonly type = 'RespondToComplaint';
  @Uuid() complaintId!: string;
  @TextField({ max: 2000, description: 'what the customer is told, without personal data' }) response!: string;
}

export class ResolveComplaint {
  readonly type = 'ResolveComplaint';
  @Uuid() complaintId!: string;
  @Flag({ description: 'whether the customer is content with it' }) customerAgrees!: boolean;
  @TextField({ description: 'what was done for him, without personal data' }) recovery!: string;
}

export class CloseComplaint {
  readonly type = 'CloseComplaint';
  @Uuid() complaintId!: string;
  @OneOfField(complaintOutcomes) outcome!: (typeof complaintOutcomes)[number];
}

/** To the next level: by a deadline, or because the customer disagrees. */
export class EscalateComplaint {
  readonly type = 'EscalateComplaint';
  @Uuid() complaintId!: string;
  @OneOfField(escalations) why!: (typeof escalations)[number];
}

export type ComplaintCommand =
  | ReceiveComplaint | AcknowledgeComplaint | AssessComplaint | RespondToComplaint | ResolveComplaint | CloseComplaint | EscalateComplaint;

export const complaintCommands = {
  ReceiveComplaint, AcknowledgeComplaint, AssessComplaint, RespondToComplaint, ResolveComplaint, CloseComplaint, EscalateComplaint,
};
