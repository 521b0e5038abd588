import type { EventOf } from '../define-event.js';
import { Body, Text, UuidText, eventMaker, publicEvent } from '../define-event.js';

export const RecurrencePreventedV1 = publicEvent('assurance.RecurrencePrevented.v1', {
  stream: 'capa',
  meaning: 'What was changed so that the problem comes back neither here nor elsewhere: plans, documents, training, other items.',
  data: Body({
    capaId: UuidText('the corrective action'),
    measures: Text('what was changed', 2000),
  }),
  samples: [
    {
      capaId: '4b7e1d0c-2a58-5c6f-9e1b-80d3a4c5f617', measures: 'interval in the control plans of all rings; operators of both shifts trained',
    },
  ],
});
export type RecurrencePrevented = EventOf<typeof RecurrencePreventedV1>;
export const recurrencePrevented = eventMaker(RecurrencePreventedV1);
