import 'reflect-metadata';
import { checkAll } from './checks.js';
import { BadOption } from '../options.js';
import { drillOptions } from './options.js';
import { asText } from './report.js';
import type { DrillReport } from './restore.js';
import { drillRestore } from './restore.js';
import { openDrillSite } from './site.js';
import { eventsOf, give, workOn } from './work.js';

describe('the drill of a restored database', () => {
  let report: DrillReport;
  beforeAll(async () => { report = await drillRestore({ seed: 7, lots: 8 }, () => undefined); }, 300_000);

  it('finds nothing, whether the service was down or at work', () => {
    expect(report.rounds.flatMap(({ checks }) => checks.flatMap(({ findings }) => findings))).toEqual([]);
    expect(report.rounds.map(({ how, logId }) => [how, logId])).toEqual([['started again', 'control.drill.2'], ['under its hands', 'control.drill.3']]);
    expect(report.passed).toBe(true);
  });

  it('loses what was entered after the backup, and withdraws all that others were told of it', () => {
    for (const { lost, withdrawn, withdrawnAt } of report.rounds) {
      expect(lost).toBeGreaterThanOrEqual(16);
      expect(withdrawn).toBe(lost);
      expect(withdrawnAt['feedback']).toBe(lost);
      expect(withdrawnAt['planning']).toBe(0);
    }
  });

  it('says it in figures', () => {
    const text = asText(report);
    for (const part of ['noticed after', 'reconciled after', 'entered again', 'feedback ', 'Everything holds (seed 7, 8 lots']) expect(text).toContain(part);
  });
});

describe('its checks', () => {
  it('find a row that nobody recorded, an event that was changed, and one that its log does not have', async () => {
    const site = await openDrillSite();
    try {
      eventsOf(await give(site, workOn(1, 0, 4)));
      await site.settled();
      expect((await checkAll(site)).flatMap(({ findings }) => findings)).toEqual([]);
      await site.asOwner('control', `update event set body = replace(body, 'graz', 'wien') where type = 'control.LotRegistered.v1' and version = 1 and seq = (select min(seq) from event where type = 'control.LotRegistered.v1')`);
      await site.asOwner('feedback', `update event set id = gen_random_uuid() where type = 'control.QuantityHeld.v1' and seq = (select min(seq) from event where type = 'control.QuantityHeld.v1')`);
      await site.asOwner('control', `update event set version = version + 1 where type = 'control.QuantityHeld.v1' and seq = (select max(seq) from event where type = 'control.QuantityHeld.v1')`);
      const findings = (await checkAll(site)).flatMap((check) => check.findings).join('\n');
      for (const part of [/feedback holds \S+ on control\/lot-\S+ with other bytes/, /feedback holds \S+ on control\/lot-\S+, which control does not have/, /control: lot-\S+@\d+ at \d+/]) expect(findings).toMatch(part);
    } finally {
      await site.stop();
    }
  }, 120_000);
});

describe('its options', () => {
  it('are a seed and a size', () => {
    expect(drillOptions(['restore', '--seed', '3', '--lots', '50', '--json'])).toEqual({ seed: 3, lots: 50, json: true });
    expect(drillOptions([])).toEqual({ seed: 1, lots: 200, json: false });
    expect(drillOptions(['--help'])).toBe('help');
  });
  it.each([[['fire']], [['--lots', '0']], [['--lots', '99999']], [['--seed', 'x']], [['--nonsense']]])('refuses %j', (args) => {
    expect(() => drillOptions(args)).toThrow(BadOption);
  });
});
