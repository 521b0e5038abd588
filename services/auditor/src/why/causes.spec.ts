import { derivedId } from '@touchstone/kernel';
import type { Api } from '../api.js';
import { recorded } from '../canned.spec-kit.js';
import type { SeenEvent } from '../recorded.js';
import { causes } from './causes.js';
import type { Consequence } from './causes.js';

/** Answers /<service>/caused/<id> from a table by service and id. */
class Logs implements Api {
  asked = 0;
  constructor(private readonly caused: (service: string, id: string) => readonly SeenEvent[]) {}
  services = (): Promise<readonly string[]> => Promise.resolve(['control', 'feedback']);
  post = (): Promise<unknown> => Promise.reject(new Error('nothing is changed by asking'));
  get = (path: string): Promise<unknown> => {
    this.asked += 1;
    const [, service = '', , id = ''] = path.split('/');
    return Promise.resolve(this.caused(service, id));
  };
}

const shape = (caused: readonly Consequence[]): unknown => caused.map((each) => [`${each.service} ${each.event.type}`, shape(each.caused)]);

describe('what an event led to', () => {
  const rejected = recorded('lot-1@2', 'control.LotRejected.v1', {});

  it('is followed through all services, and told once, by the service whose event it is', async () => {
    const reported = recorded('nonconformity-1@1', 'control.NonconformityReported.v1', {}, { recordedAt: '2026-03-01T08:00:00.010Z' });
    const opened = recorded('case-1@1', 'feedback.CaseOpened.v1', {}, { recordedAt: '2026-03-01T08:00:00.020Z' });
    const foreign = { ...opened, stream: 'feedback/case-1' };
    const answers: Record<string, readonly SeenEvent[]> = {
      [`control ${rejected.id}`]: [foreign, reported], [`feedback ${rejected.id}`]: [opened, { ...reported, stream: 'control/nonconformity-1' }],
    };
    const { caused, count, cut } = await causes(new Logs((service, id) => answers[`${service} ${id}`] ?? []), ['control', 'feedback'], rejected);
    expect(shape(caused)).toEqual([['control control.NonconformityReported.v1', []], ['feedback feedback.CaseOpened.v1', []]]);
    expect(caused.map(({ event }) => event.stream)).toEqual(['nonconformity-1', 'case-1']);
    expect([count, cut]).toEqual([2, false]);
  });

  it('is named by its service where only another log tells of it', async () => {
    const foreign = { ...recorded('case-1@1', 'feedback.CaseOpened.v1', {}), stream: 'feedback/case-1' };
    const { caused } = await causes(new Logs((service, id) => (service === 'control' && id === rejected.id ? [foreign] : [])), ['control'], rejected);
    expect(caused.map(({ service }) => service)).toEqual(['feedback']);
  });

  it('ends where a circle closes', async () => {
    const held = recorded('lot-1@3', 'control.QuantityHeld.v1', {});
    const circle = new Logs((_service, id) => (id === rejected.id ? [held] : [rejected]));
    expect(await causes(circle, ['control'], rejected)).toMatchObject({ count: 1, cut: false });
  });

  it('is followed no deeper than eight events, and says so', async () => {
    let next = 0;
    const chain = new Logs(() => [recorded(`lot-2@${(next += 1)}`, 'control.QuantityHeld.v1', {})]);
    expect(await causes(chain, ['control'], rejected)).toMatchObject({ count: 8, cut: true });
  });

  it('is no more than five hundred events, and says so', async () => {
    const many = new Logs((_service, id) => Array.from({ length: 30 }, (_, index) => ({ ...recorded('lot-3@1', 'control.QuantityHeld.v1', {}), id: derivedId(id, index) })));
    expect(await causes(many, ['control'], rejected)).toMatchObject({ count: 500, cut: true });
    expect(many.asked).toBeLessThanOrEqual(501);
  });
});
