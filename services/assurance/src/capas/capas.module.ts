import { sliceModule } from '@touchstone/platform';
import { capaList } from './capa-list.projection.js';
import { CapasController } from './capas.controller.js';
import { closeByDueDate } from './close-by-due-date.deadline.js';
import { proposeCapa } from './propose-capa.reaction.js';
import { recurrences } from './recurrences.projection.js';
import { capas } from './slice.js';

export const capasModule = sliceModule({
  slice: capas,
  projections: [capaList, recurrences],
  reactions: [proposeCapa],
  deadlines: [closeByDueDate],
  controllers: [CapasController],
});
