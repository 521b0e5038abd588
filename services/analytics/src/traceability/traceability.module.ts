import { sliceModule } from '@touchstone/platform';
import { accountExposure } from './account-exposure.projection.js';
import { deliveriesByLot } from './deliveries-by-lot.projection.js';
import { identifyExposureOfDelivery, identifyExposureOfNonconformity } from './identify-exposure.reaction.js';
import { exposures } from './slice.js';
import { TraceabilityController } from './traceability.controller.js';

export const traceabilityModule = sliceModule({
  slice: exposures,
  projections: [deliveriesByLot, accountExposure],
  reactions: [identifyExposureOfNonconformity, identifyExposureOfDelivery],
  controllers: [TraceabilityController],
});
