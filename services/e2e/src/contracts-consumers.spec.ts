import 'reflect-metadata';
import { contracts } from '@touchstone/contracts';
import { categoryOf } from '@touchstone/kernel';
import { reaction } from '@touchstone/event-store';
import type { StoredEvent } from '@touchstone/event-store';
import { InProcessTransport, topicOf } from '@touchstone/messaging';
import type { Message } from '@touchstone/messaging';
import type { ServiceDefinition } from '@touchstone/platform';
import { testService } from '@touchstone/testing';
import { analytics } from '@touchstone/analytics/app';
import { assurance } from '@touchstone/assurance/app';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';
import { planning } from '@touchstone/planning/app';
import { sourcesUnder } from './docs/repository.js';
import { goldensIn, readGolden } from './golden-events/golden.js';

const services = [planning, control, assurance, feedback, analytics];
const goldens = goldensIn().map((path) => readGolden(path).stored).filter(({ type }) => contracts.isPublic(type));
const producerOf = ({ type }: Pick<StoredEvent, 'type'>): string => type.slice(0, type.indexOf('.'));

/** The producers' samples as they lie on the topics that the service listens to, with the bytes that were stored. */
function samplesFor({ listensTo }: ServiceDefinition): Map<string, Message[]> {
  const wanted = goldens.filter((event) => listensTo.includes(`${producerOf(event)}/${categoryOf(event.stream)}`));
  return new Map([...Map.groupBy(wanted, producerOf)].map(([producer, events]) => [topicOf(producer), events.map(({ id, type, stream, body, meta }, index) => ({
    key: stream, offset: index + 1, value: body, headers: { ce_id: id, ce_type: type, ce_source: `${producer}:golden:1`, touchstone_meta: meta },
  }))]));
}

const handled = ({ slices }: ServiceDefinition): Set<string> =>
  new Set(slices.flatMap(({ projections = [], reactions = [], deadlines = [] }) => [...projections.flatMap(({ on }) => on), ...reactions.flatMap(({ on }) => on), ...deadlines.flatMap(({ set, lift = {} }) => [...Object.keys(set), ...Object.keys(lift)])]));

describe.each(services.map((definition) => [definition.name, definition] as const))('%s, given the golden samples of every event it listens to', (name, definition) => {
  const transport = new InProcessTransport();
  const service = testService(definition, { transport });
  const samples = samplesFor(definition);

  it('takes all of them in as they were stored, and neither read model, reaction nor deadline fails on one', async () => {
    for (const [topic, messages] of samples) await transport.publisher(topic).publish(messages);
    await service.settled();
    const { runtime } = service.running;
    const { rows } = await runtime.options.store.pool.query<{ consumer: string; error: string }>(`select consumer, error from parked where state = 'parked'`);
    expect(rows).toEqual([]);
    expect([...runtime.models.values()].map(({ trouble }) => trouble).filter(Boolean)).toEqual([]);
    const taken = (await runtime.options.store.readAll(0, 10_000)).filter(({ stream }) => stream.includes('/'));
    expect(taken.map(({ id, body }) => [id, body]).toSorted()).toEqual([...samples.values()].flat().map(({ headers, value }) => [headers.ce_id, value]).toSorted());
  }, 60_000);

  it('has a sample of every event of others that it handles', () => {
    const given = new Set([...samples.values()].flat().map(({ headers }) => headers.ce_type));
    const foreign = [...handled(definition)].filter((type) => !type.startsWith(`${name}.`) && contracts.isPublic(type));
    expect(foreign.filter((type) => !given.has(type))).toEqual([]);
    expect(foreign.length).toBeGreaterThan(0);
  });
});

describe('a public event', () => {
  const folders = [...services.map(({ name }) => [name, `services/${name}/src`] as const), ['platform', 'libs/platform/src'] as const];
  const sources = new Map(folders.map(([name, folder]) => [name, sourcesUnder(folder).map(([, text]) => text).join('\n')]));
  const makerOf = (type: string): string => type.split('.').slice(1, 2).join('').replace(/^./, (letter) => letter.toLowerCase());

  it('is written by its service, unless it is only planned, and then it is not', () => {
    const wrong = contracts.events.filter(({ type, planned }) => new RegExp(`\\b${makerOf(type)}\\(`).test(sources.get(producerOf({ type })) ?? '') === (planned === true));
    expect(wrong.map(({ type }) => type)).toEqual([]);
    expect(contracts.events.filter(({ planned }) => planned).map(({ type }) => type)).toEqual([]);
  });
});

describe('a consumer that reads more than the contract gives', () => {
  const careless = reaction({ name: 'careless', on: ['assurance.RootCauseConfirmed.v1'], send: ({ data }) => [(data as { nowhere: { to: never } }).nowhere.to] });
  const [first] = planning.slices;
  if (!first) throw new Error('planning has no slices');
  const transport = new InProcessTransport();
  const service = testService({ ...planning, slices: [{ ...first, reactions: [careless] }] }, { transport });

  it('is found out by the samples', async () => {
    for (const [topic, messages] of samplesFor(planning)) await transport.publisher(topic).publish(messages);
    await service.settled();
    const { rows } = await service.running.runtime.options.store.pool.query(`select consumer, error from parked`);
    expect(rows).toEqual([{ consumer: 'reaction:careless', error: expect.stringContaining('undefined') as string }]);
  }, 60_000);
});
