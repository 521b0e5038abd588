import { Type } from '@sinclair/typebox';
import type { EventOf } from '../define-event.js';
import { Body, Code, Count, eventMaker, publicEvent, Text, UuidText } from '../define-event.js';

/** As many are listed in one event. */
export const WITHDRAWN_PER_PAGE = 200;

export const EventsWithdrawnV1 = publicEvent('platform.EventsWithdrawn.v1', {
  stream: 'epoch',
  meaning: 'These events were told, and were lost when the log of their service was put back. They stay where they were taken in, and what was decided from them stands until a person changes it.',
  data: Body({
    service: Code('whose events'),
    logId: Text('id of the log from now on', 300),
    page: Count('1, 2, 3 … within the epoch', 'ordinal'),
    events: Type.Array(Body({
      eventId: UuidText('the event that is withdrawn'),
      stream: Text('on which it was', 300),
      type: Text('of the event', 300),
      position: Text('that it had in the log that was lost', 320),
    }), { maxItems: WITHDRAWN_PER_PAGE, description: 'in the order in which they were kept as evidence' }),
  }),
  samples: [{
    service: 'control', logId: 'control.plant-1.2', page: 1,
    events: [{ eventId: '0b5c8e0e-6a4b-5f3a-9a37-0d1f4f6f2c11', stream: 'lot-4f1c2d8e-6a4b-5f3a-9a37-0d1f4f6f2c12', type: 'control.QuantityReleased.v1', position: 'control.plant-1.1@57' }],
  }],
});
export type EventsWithdrawn = EventOf<typeof EventsWithdrawnV1>;
export const eventsWithdrawn = eventMaker(EventsWithdrawnV1);
