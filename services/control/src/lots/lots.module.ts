import { sliceModule } from '@touchstone/platform';
import { allocatePlannedDelivery } from './allocate-planned-delivery.reaction.js';
import { applyDisposition } from './apply-disposition.reaction.js';
import { holdForSignal } from './hold-for-signal.reaction.js';
import { holdOutOfSpecification } from './hold-out-of-specification.reaction.js';
import { lotList } from './lot-list.projection.js';
import { LotsController } from './lots.controller.js';
import { recordInspectionResult } from './record-inspection-result.reaction.js';
import { lots } from './slice.js';
import { waitingDeliveries } from './waiting-deliveries.projection.js';

export const lotsModule = sliceModule({
  slice: lots,
  projections: [lotList, waitingDeliveries],
  reactions: [allocatePlannedDelivery, applyDisposition, holdForSignal, holdOutOfSpecification, recordInspectionResult],
  controllers: [LotsController],
});
