import type { MappedCommand } from './mapping.js';
import { Tally } from './reconcile.js';

describe('the account of an import', () => {
  const totals = [{ of: '${value}', command: 'RecordPurchase' }];
  const purchase = (amount?: string): MappedCommand => ({
    command: { line: 2, id: 'a', type: 'RecordPurchase', body: {} },
    amounts: amount === undefined ? [] : [[0, amount]],
  });
  const row = { line: 2, rows: 1, commands: [], amounts: ['0.30'], withoutLineEnd: false };
  const summary = { accepted: 1, unchanged: 0, refused: 0, invalid: 0, failed: 0 };

  function accountOf(sent: MappedCommand[], answered: MappedCommand[], counted = summary): readonly string[] {
    const tally = new Tally({ totals });
    tally.mapped(row);
    for (const command of sent) tally.sending(command);
    for (const command of answered) tally.answered(command, { line: 2, status: 'accepted' });
    tally.summarised(counted);
    return tally.result().mismatches;
  }

  it('adds up when what was read was answered', () => {
    expect(accountOf([purchase('0.30')], [purchase('0.30')])).toEqual([]);
  });

  it('says so when an amount that was read went nowhere', () => {
    expect(accountOf([purchase()], [purchase()])).toEqual(['the control total of ${value}: 0.3 was read, 0 is accounted for']);
  });

  it('says so when a command was never answered although the server finished', () => {
    expect(accountOf([purchase('0.30'), purchase()], [purchase('0.30')])).toEqual(['1 commands were sent and never answered']);
  });

  it('says so when there are more answers than commands', () => {
    expect(accountOf([purchase('0.30')], [purchase('0.30'), purchase()], { ...summary, accepted: 2 })).toEqual([
      '1 more answers than commands',
    ]);
  });

  it('adds amounts exactly, over all rows', () => {
    const tally = new Tally({ totals });
    for (let count = 0; count < 1000; count += 1) tally.mapped({ ...row, amounts: ['0.1'] });
    expect(tally.result().totals[0]?.read).toBe('100');
  });
});
