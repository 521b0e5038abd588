import type { EventOf } from '../define-event.js';
import { Body, Code, Count, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const CharacteristicNotedV1 = publicEvent('planning.CharacteristicNoted.v1', {
  stream: 'controlPlan',
  meaning: 'What was learned about a characteristic stands beside it in the plan, for whoever writes the next revision.',
  data: Body({
    itemId: UuidText('the item'),
    characteristicId: Code('the characteristic'),
    revision: Count('revision in force when it was noted; 0 when none was', 'ordinal'),
    note: Text('what was learned', 2000),
    causeId: Code('id of the CAPA, complaint or study that it was learned from'),
  }),
  samples: [
    {
      itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', characteristicId: 'diameter', revision: 1, note: 'Root cause (5 why): insert change interval too long', causeId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617',
    },
  ],
});
export type CharacteristicNoted = EventOf<typeof CharacteristicNotedV1>;
export const characteristicNoted = eventMaker(CharacteristicNotedV1);
