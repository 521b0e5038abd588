import { checkDelivery } from './check-delivery.js';
import type { DeliveryViolationKind, ServiceEvidence } from './delivery.js';
import type { Bugs } from './delivery.spec-kit.js';
import { deliver } from './delivery.spec-kit.js';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
type Pair = readonly [ServiceEvidence, ServiceEvidence];
const kinds = (pair: Pair) => [...new Set(checkDelivery(pair).map(({ kind }) => kind))];

describe('a delivery between two services', () => {
  it('is as promised, whatever was killed and however often it came again', () => {
    for (const seed of SEEDS) expect(checkDelivery(deliver(seed))).toEqual([]);
  });

  it('brings duplicates onto the topic, poison among what is said, and decisions about it: else nothing was shown', () => {
    const all = SEEDS.map((seed) => deliver(seed));
    expect(all.some(([{ topic }]) => new Set(topic.map(({ id }) => id)).size < topic.length)).toBe(true);
    expect(all.some(([, { parked }]) => parked.length > 1)).toBe(true);
    expect(all.some(([, { discarded, log }]) => discarded.size > 0 && log.length > 80)).toBe(true);
  });

  it.each<[string, Bugs, DeliveryViolationKind]>([
    ['an ingest without its duplicate check', { withoutDuplicateCheck: true }, 'taken-in-twice'],
    ['a consumer that notes its place before the append, and begins there', { commitsFirst: true }, 'never-taken-in'],
    ['a relay that notes how far it is before the acknowledgement', { notesFirst: true }, 'never-published'],
    ['a relay that sends several requests at a time', { withoutOrder: true }, 'published-out-of-order'],
    ['a consumer that passes over what follows something parked', { skipsWhatFollows: true }, 'vanished'],
    ['a replay that is noted before it was done', { marksFirst: true }, 'never-taken-in'],
    ['a replay that begins with the newest', { replaysBackwards: true }, 'taken-in-out-of-order'],
  ])('is not, with %s', (_, bugs, mark) => {
    const found = SEEDS.map((seed) => kinds(deliver(seed, bugs)));
    expect(found.filter((each) => each.includes(mark)).length).toBeGreaterThan(SEEDS.length / 3);
  });

  const log = (events: ServiceEvidence['log']) => events;
  it.each<[string, DeliveryViolationKind, (pair: Pair) => Pair]>([
    ['an event that a client was told of is in no log', 'acknowledged-lost', ([control, feedback]) => [{ ...control, acknowledged: [...control.acknowledged, 'gone'] }, feedback]],
    ['a private event is on the topic', 'published-unasked', ([control, feedback]) => [{ ...control, publicTypes: ['control.Other.v1'] }, feedback]],
    ['a record has another content', 'published-otherwise', ([control, feedback]) => [{ ...control, topic: control.topic.map((record, index) => (index === 3 ? { ...record, digest: 'other' } : record)) }, feedback]],
    ['a stream changes its partition', 'partition-changed', ([control, feedback]) => [{ ...control, topic: control.topic.map((record, index) => (index === 0 ? { ...record, partition: 9 } : record)) }, feedback]],
    ['an event was taken in that nobody said', 'invented', ([control, feedback]) => [control, { ...feedback, log: log([...feedback.log, { seq: 999, id: 'x', digest: 'x', stream: 'control/lot-1', version: 999, type: 'control.LotHeld.v1' }]) }]],
    ['a stream was taken in that it does not listen to', 'invented', ([control, feedback]) => [control, { ...feedback, listensTo: ['control/gauge'] }]],
    ['an event was changed on the way', 'changed-on-the-way', ([control, feedback]) => [control, { ...feedback, log: feedback.log.map((event, index) => (index === 2 ? { ...event, digest: 'other' } : event)) }]],
    ['two events of a stream have changed places', 'taken-in-out-of-order', ([control, feedback]) => [control, { ...feedback, log: feedback.log.map((event) => ({ ...event, version: 1_000 - event.version })) }]],
    ['an event is parked that could be taken in', 'parked-without-reason', ([control, feedback]) => [control, { ...feedback, poisoned: new Set(), parked: [{ producer: 'control', stream: 'lot-1', id: feedback.log[0]?.id ?? '' }] }]],
    ['an event was discarded, and taken in', 'discarded-and-taken-in', ([control, feedback]) => [control, { ...feedback, discarded: new Set([feedback.log[2]?.id ?? '']) }]],
    ['a stream went on after something parked', 'went-past-parked', ([control, feedback]) => [control, { ...feedback, poisoned: new Set(feedback.log.slice(0, 1).map(({ id }) => id)) }]],
    ['a reaction did not come', 'reaction-missing', ([control, feedback]) => [control, { ...feedback, reactions: feedback.reactions.map((each) => ({ ...each, causes: each.causes.slice(1) })) }]],
    ['a reaction came twice', 'reaction-twice', ([control, feedback]) => [control, { ...feedback, reactions: feedback.reactions.map((each) => ({ ...each, causes: [...each.causes, each.causes[0] ?? ''] })) }]],
    ['a reaction answers nothing', 'reaction-unfounded', ([control, feedback]) => [control, { ...feedback, reactions: feedback.reactions.map((each) => ({ ...each, causes: [...each.causes, 'gone'] })) }]],
    ['a read model is rebuilt otherwise', 'rebuilt-otherwise', ([control, feedback]) => [control, { ...feedback, readModels: [{ name: 'lots', served: 'a', rebuilt: 'b' }] }]],
  ])('is not, when %s', (_, mark, change) => {
    expect(kinds(change(deliver(1, {}, { poison: false })))).toContain(mark);
  });
});
