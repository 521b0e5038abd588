import 'reflect-metadata';
import { createReadStream, readFileSync } from 'node:fs';
import { isRefusal, type DomainEvent } from '@touchstone/kernel';
import { contracts, UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { feedback } from '@touchstone/feedback/app';
import { validateCommand } from '@touchstone/platform';
import { compileMapping, type BulkCommand } from './mapping.js';
import { readRows } from './readers.js';

const DATASETS = new URL('../../../../infra/datasets/', import.meta.url);
const slices = new Map(feedback.slices.flatMap(({ slice }) => Object.keys(slice.commands).map((type) => [type, slice] as const)));
const importer = { id: 'importer-1', roles: ['importer'] };

async function mapped(mapping: string, file: string): Promise<BulkCommand[]> {
  const compiled = compileMapping(readFileSync(new URL(`mappings/${mapping}.json`, DATASETS), 'utf8'));
  const bytes = createReadStream(new URL(file, DATASETS)) as AsyncIterable<Buffer>;
  const commands: BulkCommand[] = [];
  for await (const row of compiled.mapRows(readRows(bytes, compiled.format), file)) commands.push(...row.commands.map(({ command }) => command));
  return commands;
}

/** Validated and decided as the service does it, on a stream without history, of an account that is known. */
function taken({ type, occurredAt, body }: BulkCommand): DomainEvent[] {
  const slice = slices.get(type);
  const commandClass = slice?.commands[type];
  if (!slice || !commandClass) throw new Error(`feedback takes no ${type}`);
  const { command, envelope } = validateCommand(commandClass, { ...(body as object), occurredAt });
  const facts = { accountKnown: { value: true, refs: [], seq: 1 } };
  const at = envelope.occurredAt ?? '';
  const decision = slice.decider.decide(slice.decider.initialState(), command, facts, { actor: importer, at });
  if (isRefusal(decision)) throw new Error(`${type} refused: ${decision.refused} ${JSON.stringify(decision.details)}`);
  for (const event of decision) contracts.check(event);
  return [...decision];
}

const numbersOf = (events: readonly DomainEvent[]) =>
  Object.fromEntries([...Map.groupBy(events, ({ type }) => type)].map(([type, all]) => [type, all.length]));

describe('what the data sets are mapped to, feedback takes', () => {
  it('CDNOW: 2,357 accounts and 6,919 purchases, of which none is refused', async () => {
    const events = (await mapped('cdnow', 'purchases/CDNOW_sample.txt')).flatMap(taken);
    expect(numbersOf(events)).toEqual({ 'feedback.AccountRegistered.v1': 2357, 'feedback.PurchaseRecorded.v1': 6919 });
    expect(events[0]?.data).toMatchObject({ name: 'CDNOW customer 00004', externalSource: 'cdnow', externalId: '00004' });
    expect(events[1]?.data).toMatchObject({ externalId: '00004-19970101-2-29.33-1', units: '2', amount: '29.33', currency: 'USD' });
  });

  it.each([
    ['cfpb-complaints', 'complaints/ccdb_complaints_subset_official.csv', 280],
    ['cfpb-narratives', 'complaints/cfpb_sample_by_category.json', 220],
  ])('%s: every complaint, for the unassigned account since no customer is named', async (mapping, file, count) => {
    const events = (await mapped(mapping, file)).flatMap(taken);
    expect(numbersOf(events)).toEqual({ 'feedback.ComplaintReceived.v1': count });
    expect(new Set(events.map(({ data }) => (data as { accountId: string }).accountId))).toEqual(new Set([UNASSIGNED_ACCOUNT_ID]));
  });
});
