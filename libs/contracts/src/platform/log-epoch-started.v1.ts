import type { EventOf } from '../define-event.js';
import { Body, Code, Count, eventMaker, publicEvent, Text } from '../define-event.js';

export const LogEpochStartedV1 = publicEvent('platform.LogEpochStarted.v1', {
  stream: 'epoch',
  meaning: 'The log of a service was put back to an earlier state. It goes on from there under a new id; what others were told beyond is withdrawn, and listed in the events that follow.',
  data: Body({
    service: Code('whose log'),
    epoch: Count('number of the epoch that begins; some may have been passed over', 'ordinal'),
    logId: Text('id of the log from now on', 300),
    formerLogId: Text('id that it had in the state to which it was put back', 300),
    forkSeq: Count('up to this position all epochs have the same events', 'ordinal'),
    withdrawn: Count('events that others were told and the log no longer has', 'events'),
    pages: Count('events that list them', 'events'),
    startedBy: Text('actor who started it', 300),
    reason: Text('why, without personal data', 2_000),
  }),
  samples: [{
    service: 'control', epoch: 2, logId: 'control.plant-1.2', formerLogId: 'control.plant-1.1', forkSeq: 40, withdrawn: 17, pages: 1,
    startedBy: 'operator-1', reason: 'The disk failed; the backup of 2026-03-02 was put back.',
  }],
});
export type LogEpochStarted = EventOf<typeof LogEpochStartedV1>;
export const logEpochStarted = eventMaker(LogEpochStartedV1);
