import { feedback } from '@touchstone/feedback/app';
import { testService } from '@touchstone/testing';
import { codeBlocks } from './markdown.js';
import { read } from './repository.js';

const service = testService(feedback);
const account = 'd1a1f6f0-0e4f-5a55-9d0b-5a3a1c3b7e01';
const contact = '6a8c0e2f-4b6d-5f8a-9c1e-3a5c7e9b1d26';

/** The requests that the page shows, in its order, for an account and a contact of ours. */
const shown = codeBlocks(read('docs/how-to/erase-a-customer.md')).flatMap(({ text }) =>
  [...text.matchAll(/curl -X POST http:\/\/127\.0\.0\.1:7400\/feedback(\S+) [^']*Bearer \$OFFICER[\s\S]*?-d '([^']+)'/g)].map(([, path = '', body = '']) =>
    ({ path: path.replace('$ACCOUNT', account).replace('$CONTACT', contact), body: JSON.parse(body) as object })));

describe('docs/how-to/erase-a-customer.md', () => {
  it('shows requests that erase, that hold, and that release', async () => {
    expect(shown.map(({ path }) => path.split('/').slice(3).join('/'))).toEqual(['erasure', `contacts/${contact}/erasure`, 'erasure-holds', 'erasure-holds/case-2026-4/release']);
    const [whole, person, hold, release] = shown;
    if (!whole || !person || !hold || !release) throw new Error('the page shows four requests');
    const send = async ({ path, body }: { path: string; body: object }, as: readonly [string, string] = ['officer-1', 'data-protection']) => {
      const told = await service.call('POST', path, as, body);
      return [told.status, ((told.body['events'] ?? []) as { type: string }[]).map(({ type }) => type.split('.')[1])];
    };
    const care = ['care-1', 'customer-care'] as const;
    expect((await send({ path: '/accounts', body: { accountId: account, name: 'Muster' } }, care))[0]).toBe(201);
    expect((await send({ path: `/accounts/${account}/contacts`, body: { contactId: contact, name: 'Ada' } }, care))[0]).toBe(201);
    expect(await send(hold)).toEqual([201, ['ErasureHoldPlaced']]);
    expect(await send(person)).toEqual([201, ['ErasureDeferred']]);
    expect(await send(release)).toEqual([201, ['ErasureHoldReleased', 'ErasureOrdered']]);
    expect(await send(whole)).toEqual([201, ['ErasureOrdered']]);
    await service.settled();
    const told = await service.running.runtime.options.store.readStream(`account-${account}`);
    expect(told.filter(({ type }) => type === 'feedback.CustomerErased.v1')).toHaveLength(2);
  }, 60_000);
});
