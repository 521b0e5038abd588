import type { InspectionCompleted } from '@touchstone/contracts/control';
import { reaction } from '@touchstone/event-store';
import { RecordInspectionResult } from './commands.js';
import { lots } from './slice.js';

/** What an inspection found decides about its lot. */
export const recordInspectionResult = reaction({
  name: 'record-inspection-result',
  on: ['control.InspectionCompleted.v1'],
  send: ({ data }) => {
    const { lotId, inspectionId, stage, outcome, gaugesValid, outOfSpecification, inspectorId, inspectorName } = data as InspectionCompleted['data'];
    const found = { lotId, inspectionId, stage, outcome, gaugesValid, characteristicIds: outOfSpecification, inspectorId, inspectorName };
    return [{ slice: lots, command: Object.assign(new RecordInspectionResult(), found) }];
  },
});
