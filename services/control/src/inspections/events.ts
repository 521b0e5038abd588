/**
 * An inspection of one lot at one stage, by the control plan that was in force when it began. Guards: what was measured stays
 * visible, a correction stands beside it; the plan decides about the lot, nobody's wish. Stream: inspection-<inspectionId>.
 */
import type { DomainEvent } from '@touchstone/kernel';
import type {
  InspectionCompleted, InspectionStarted, MeasurementCorrected, MeasurementsRecorded, ResultOutOfSpecification,
} from '@touchstone/contracts/control';

export const inspectionStream = (inspectionId: string): string => `inspection-${inspectionId}`;

/** Private: the inspection counts for nothing; its measurements stay visible. */
export type InspectionVoided = DomainEvent<'control.InspectionVoided.v1', { readonly inspectionId: string; readonly reason: string }>;

export type InspectionEvent =
  | InspectionStarted | MeasurementsRecorded | ResultOutOfSpecification | MeasurementCorrected | InspectionCompleted | InspectionVoided;
