import type { TSchema } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import { Catalogue } from '../catalogue.js';
import type { PublicEvent } from '../define-event.js';
import { Body, DecimalText, eventMaker, publicDowncaster, publicEvent, publicUpcaster } from '../define-event.js';
import type { Release } from './index.js';
import { bridged, checkReleases, unreleased } from './index.js';

const meaning = 'A pallet was moved in the depot.';
const MovedV1 = publicEvent('depot.PalletMoved.v1', { stream: 'pallet', meaning, data: Body({ to: Type.String({ description: 'place' }) }), samples: [{ to: 'yard' }, { to: 'ramp' }] });
const MovedV2 = publicEvent('depot.PalletMoved.v2', { stream: 'pallet', meaning, data: Body({ to: Type.String({ description: 'place' }), weight: DecimalText('of it', 'kg') }), samples: [{ to: 'yard', weight: '7' }] });
const ReadsAll = publicEvent('depot.PalletMoved.v2', { ...MovedV2, data: Body({ to: Type.String(), weight: Type.Optional(DecimalText('of it', 'kg')) }), samples: [{ to: 'yard' }] });
const up = publicUpcaster(MovedV1, MovedV2, ({ to }) => ({ to, weight: '0' }));
const down = publicDowncaster(MovedV2, MovedV1, ({ to }) => ({ to }));
const today = '2026-11-22';
const notice = { since: '2026-11-22', until: '2027-06-01', successor: 'depot.PalletMoved.v2' };
const saying = (deprecated: typeof notice) => ({ ...MovedV1, deprecated });

type Event = PublicEvent<string, TSchema>;
type Options = { readonly released?: readonly Release[]; readonly written?: readonly Event[]; readonly upcast?: boolean; readonly downcast?: boolean; readonly on?: string };
const declare = (events: readonly Event[], { written = events, upcast, downcast }: Options = {}) =>
  new Catalogue(events, { makers: written.map((event) => eventMaker(event as typeof MovedV1)), upcasters: upcast ? [up] : [], downcasters: downcast ? [down] : [] });
const ofOne = unreleased([], declare([MovedV1]), '2026-01-01');
const found = (events: readonly Event[], options: Options = {}) =>
  checkReleases(options.released ?? ofOne, declare(events, options), options.on ?? today).map(({ rule, of, at }) => `${rule} ${of.replace('depot.PalletMoved.', '')} ${at}`);
const edited = (change: Partial<Event>) => found([{ ...MovedV1, ...change }]);

describe('what was released', () => {
  it('stays as it was', () => expect(found([MovedV1])).toEqual([]));
  it('is not edited: not its fields, not even by an optional one', () => {
    expect(edited({ data: Body({ to: Type.String({ description: 'place' }), by: Type.Optional(Type.String()) }) })).toEqual(['RELEASED_VERSION_EDITED v1 /properties/by']);
    expect(edited({ data: Body({ to: Type.String({ description: 'place', maxLength: 9 }) }) })).toEqual(['RELEASED_VERSION_EDITED v1 /properties/to/maxLength']);
  });
  it('is not edited: not its meaning, its stream, or what its fields mean', () => {
    expect(edited({ meaning: 'A pallet was moved, or will be.' })).toEqual(['RELEASED_VERSION_EDITED v1 /description']);
    expect(edited({ stream: 'place' })).toEqual(['RELEASED_VERSION_EDITED v1 /x-stream']);
    expect(edited({ data: Body({ to: Type.String({ description: 'place, or nearly' }) }) })).toEqual(['RELEASED_VERSION_EDITED v1 /properties/to/description']);
  });
  it('says what it was and what it is', () => {
    const [finding] = checkReleases(ofOne, declare([{ ...MovedV1, stream: 'place' }]), today);
    expect(finding?.message).toBe('was "pallet", is "place": leave it as it was released, and add version 2');
  });
  it('is not removed', () => expect(found([])).toEqual(['VERSION_REMOVED v1 ']));
  it('keeps its samples; more may come', () => {
    expect(edited({ samples: [{ to: 'yard' }] })).toEqual(['SAMPLE_REMOVED v1 /examples']);
    expect(edited({ samples: [{ to: 'yard' }, { to: 'Ramp' }] })).toEqual(['SAMPLE_REMOVED v1 /examples']);
    expect(edited({ samples: [{ to: 'ramp' }, { to: 'gate' }, { to: 'yard' }] })).toEqual([]);
  });
  it('keeps the samples that came later, too, once they are released', () => {
    const more = { ...MovedV1, samples: [...MovedV1.samples, { to: 'gate' }] };
    const later = unreleased(ofOne, declare([more]), today);
    expect(later).toEqual([{ kind: 'samples', on: today, type: 'depot.PalletMoved.v1', samples: [{ to: 'gate' }] }]);
    expect(found([MovedV1], { released: [...ofOne, ...later] })).toEqual(['SAMPLE_REMOVED v1 /examples']);
  });
});

describe('a new version', () => {
  it('may be edited until it is released', () => {
    expect(unreleased(ofOne, declare([MovedV1, ReadsAll]), today)).toMatchObject([{ kind: 'version', type: 'depot.PalletMoved.v2' }]);
    expect(found([MovedV1, ReadsAll])).toEqual([]);
  });
  it('is not released while it is only planned', () => {
    expect(unreleased(ofOne, declare([MovedV1, { ...ReadsAll, planned: true }]), today)).toEqual([]);
  });
  it('reads all older ones as they are, or upcast', () => {
    expect(found([MovedV1, MovedV2])).toEqual(['REQUIRED_FIELD_ADDED v2 /required']);
    expect(found([MovedV1, MovedV2], { upcast: true })).toEqual([]);
  });
  it('tells consumers what the upcaster takes up', () => {
    expect(bridged('depot.PalletMoved.v2', declare([MovedV1, MovedV2], { upcast: true }))).toMatchObject([{ from: 'depot.PalletMoved.v1', rule: 'REQUIRED_FIELD_ADDED', at: '/required' }]);
    expect(bridged('depot.PalletMoved.v2', declare([MovedV1, MovedV2]))).toEqual([]);
  });
  it('reads the samples of the older ones, upcast', () => {
    const strict = { ...MovedV2, data: Body({ to: Type.String(), weight: Type.String({ minLength: 2 }) }), samples: [{ to: 'yard', weight: '70' }] };
    expect(found([MovedV1, strict], { upcast: true })).toEqual(['UPCAST_BROKEN v2 ', 'UPCAST_BROKEN v2 ']);
  });
  it('reads every older one, not only the one before (transitive)', () => {
    const V3 = { ...ReadsAll, type: 'depot.PalletMoved.v3', data: Body({ weight: Type.Optional(DecimalText('of it', 'kg')) }), samples: [{}] };
    const V2 = { ...V3, type: 'depot.PalletMoved.v2' };
    expect(found([MovedV1, V2, V3])).toEqual(['FIELD_REMOVED v2 /properties/to', 'FIELD_REMOVED v3 /properties/to']);
  });
  it('is the next one', () => expect(found([MovedV1, { ...ReadsAll, type: 'depot.PalletMoved.v3' }])).toEqual(['VERSION_SKIPPED v3 ']));
  it('stays in the category of streams', () => expect(found([MovedV1, { ...MovedV2, stream: 'place' }], { upcast: true })).toEqual(['STREAM_CHANGED v2 /x-stream']));
});

describe('a version that goes', () => {
  const old = saying(notice);
  it('is announced half a year before, with a successor', () => {
    expect(found([old, ReadsAll])).toEqual([]);
    expect(unreleased(ofOne, declare([old]), today)).toEqual([{ kind: 'notice', on: today, type: 'depot.PalletMoved.v1', ...notice }]);
  });
  it('is not announced too late, in the past, for no day, or without a newer event', () => {
    const wrong = [{ until: '2027-05-01' }, { since: '2026-11-21' }, { until: 'soon' }, { successor: 'depot.PalletMoved.v1' }, { successor: 'depot.Nothing.v1' }];
    expect(wrong.map((change) => found([saying({ ...notice, ...change }), ReadsAll]).join())).toEqual([
      'NOTICE_TOO_SHORT v1 /x-deprecation', 'NOTICE_BACKDATED v1 /x-deprecation', 'NOTICE_UNSOUND v1 /x-deprecation', 'NOTICE_UNSOUND v1 /x-deprecation', 'NOTICE_UNSOUND v1 /x-deprecation',
    ]);
  });
  it('does not go earlier than was said; later it may', () => {
    const released = [...ofOne, ...unreleased(ofOne, declare([old]), today)];
    expect(found([saying({ ...notice, until: '2027-05-31' }), ReadsAll], { released, on: '2026-12-24' })).toEqual(['NOTICE_SHORTENED v1 /x-deprecation']);
    expect(found([saying({ ...notice, until: '2027-12-31' }), ReadsAll], { released, on: '2026-12-24' })).toEqual([]);
  });
  it('is published up to its last day: written, or made from its successor', () => {
    const written = [MovedV2];
    expect(found([MovedV1, MovedV2], { written, upcast: true })).toEqual(['WITHDRAWN_WITHOUT_NOTICE v1 /x-deprecation']);
    expect(found([old, MovedV2], { written, upcast: true, on: '2026-11-22' })).toEqual(['WITHDRAWN_BEFORE_UNTIL v1 /x-deprecation']);
    expect(found([old, MovedV2], { written, upcast: true, downcast: true })).toEqual([]);
    const released = [...ofOne, ...unreleased(ofOne, declare([old]), today)];
    expect(['2027-06-01', '2027-06-02'].map((on) => found([old, MovedV2], { written, upcast: true, on, released }).length)).toEqual([1, 0]);
  });
});
