/**
 * A case: somebody has to look after something by a date. Guards: a customer's case closes on his confirmation, or openly as
 * something else; silence is shown. Stream: case-<caseId>. All its events are public.
 */
import type { CaseActionRecorded, CaseClosed, CaseOpened, CaseOverdue } from '@touchstone/contracts/feedback';

export const caseStream = (caseId: string): string => `case-${caseId}`;

export type CaseEvent = CaseOpened | CaseActionRecorded | CaseOverdue | CaseClosed;
