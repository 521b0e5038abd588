import type { DomainEvent, RecordedEvent } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import { lotRegistered, lotRejected, quantityHeld, reassessmentOpened } from '@touchstone/contracts/control';
import type { Ports, Reaction } from '@touchstone/event-store';
import { recorded } from '@touchstone/testing';
import type { ReportNonconformity } from './commands.js';
import { nonconformityFacts } from './nonconformities.facts.js';
import { reportNonconformityOfReassessedLot } from './report-nonconformity-of-reassessed-lot.reaction.js';
import { reportNonconformityOfRejectedLot } from './report-nonconformity-of-rejected-lot.reaction.js';

const [lotId, itemId, inspectionId, id] = ['lot', 'item', 'inspection', 'event'].map((name) => derivedId(name)) as [string, string, string, string];
const stream = `lot-${lotId}`;
const place = ({ type, data }: DomainEvent, version: number): RecordedEvent => ({ ...recorded(type, data as object, { stream }), id, seq: version + 10, version }) as RecordedEvent;
const portsOn = (...events: DomainEvent[]): Ports => ({
  at: '2026-03-02T08:00:00.000Z',
  stream: (asked) => Promise.resolve({ value: asked === stream ? events.map((event, index) => place(event, index + 1)) : [], refs: [], seq: 17 }),
  ask: () => Promise.reject(new Error('nothing is asked')),
});
const sent = async (reaction: Reaction, event: DomainEvent, ports = portsOn()) => (await reaction.send(place(event, 3), ports)).map(({ command }) => ({ ...command }));

const registered = lotRegistered({ lotId, number: 'L-1', itemId, quantity: '500', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] });
const rejected = (characteristicIds: string[]) =>
  lotRejected({ lotId, number: 'L-1', itemId, inspectionId, stage: 'final', quantity: '500', characteristicIds, inspectorId: 'inspector-1', inspectorName: 'Ada Muster' });
const reassessed = (released: string) => reassessmentOpened({ lotId, number: 'L-1', itemId, inspectionId, characteristicIds: ['hardness'], released, allocated: '0' });
const report = {
  type: 'ReportNonconformity', nonconformityId: derivedId('nonconformity', id), lotId, itemId, characteristicId: 'diameter',
  requirement: 'diameter within specification at final inspection', quantity: '500', severity: 'major', source: 'inspection', sourceId: inspectionId,
};

describe('a rejected lot', () => {
  it('is reported with its rejected quantity', async () => expect(await sent(reportNonconformityOfRejectedLot, rejected(['diameter']))).toEqual([report]));
  it('is reported by what failed, in few words', async () =>
    expect(await sent(reportNonconformityOfRejectedLot, rejected(['diameter', 'hardness', 'colour', 'weight', 'length']))).toEqual([
      { ...report, requirement: 'diameter, hardness, colour and 2 more within specification at final inspection' }]));
});

describe('a lot rejected late', () => {
  const late = { ...report, characteristicId: 'hardness', requirement: 'hardness within specification at late inspection', source: 'late-inspection' };

  it('is reported with what had been released', async () => expect(await sent(reportNonconformityOfReassessedLot, reassessed('320'))).toEqual([{ ...late, quantity: '320' }]));
  it('of which nothing had been released is reported with what is kept', async () => {
    const held = (holdId: string, quantity: string) => quantityHeld({ lotId, holdId, quantity, cause: 'out-of-specification', causeId: inspectionId, reason: 'late' });
    expect(await sent(reportNonconformityOfReassessedLot, reassessed('0'), portsOn(registered, held(derivedId('other'), '3'), held(inspectionId, '480')))).toEqual([{ ...late, quantity: '480' }]);
    expect(await sent(reportNonconformityOfReassessedLot, reassessed('0'), portsOn(registered))).toEqual([]);
  });
});

describe('reporting a nonconformity', () => {
  it('looks up the lot, and names the event that says so', async () => {
    const command = report as unknown as ReportNonconformity;
    expect(await nonconformityFacts(undefined, command, portsOn(registered, rejected([])))).toEqual({ lot: { value: registered.data, refs: [{ stream, version: 1 }], seq: 17 } });
    expect(await nonconformityFacts(undefined, command, portsOn())).toEqual({ lot: { value: null, refs: [], seq: 17 } });
    expect(await nonconformityFacts(undefined, { type: 'CloseNonconformity', nonconformityId: report.nonconformityId }, portsOn(registered))).toEqual({});
  });
});
