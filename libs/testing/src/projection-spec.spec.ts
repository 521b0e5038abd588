import type { Projection } from '@touchstone/event-store';
import { gaugeList, GaugeRow } from './fixtures/gauges.js';
import { projectionSpec, recorded, testDatabase } from './index.js';

const database = testDatabase();
const spec = projectionSpec(gaugeList, { database });

const registered = (gaugeId: string) => recorded('control.GaugeRegistered.v1', { gaugeId, serialNumber: `serial of ${gaugeId}` }, { stream: `gauge-${gaugeId}` });
const lent = (gaugeId: string, personName: string) => recorded('control.GaugeLent.v1', { gaugeId, personId: 'p1', personName }, { stream: `gauge-${gaugeId}` });
const returned = (gaugeId: string) => recorded('control.GaugeReturned.v1', { gaugeId, condition: 'good' }, { stream: `gauge-${gaugeId}` });
const other = recorded('control.SomethingElse.v1', {}, { stream: 'thing-1' });

const log = [registered('g1'), lent('g1', 'Ada'), other, registered('g2'), returned('g1'), lent('g2', 'Bob'), lent('g1', 'Cy'), other];
const rows = [
  { gaugeId: 'g1', serialNumber: 'serial of g1', blocked: false, lentTo: 'Cy', timesLent: 2 },
  { gaugeId: 'g2', serialNumber: 'serial of g2', blocked: false, lentTo: 'Bob', timesLent: 1 },
];

describe('a projection spec', () => {
  it('compares all rows of a table exactly', async () => {
    await spec.given(...log).thenRows(GaugeRow, rows);
    await expect(spec.given(...log).thenRows(GaugeRow, rows.slice(1))).rejects.toThrow();
    await expect(spec.given(...log).thenRows(GaugeRow, [rows[0] ?? {}, { ...rows[1], timesLent: 2 }])).rejects.toThrow('timesLent');
  });
  it('follows an empty log to empty tables', () => spec.given().thenRows(GaugeRow, []));
  it('shows that the batches do not matter', () => spec.given(...log).survivesRandomBatches());
  it('shows that a rebuilt read model equals the live one', () => spec.given(...log).rebuildEqualsLive());
  it('passes on what a projection throws', async () => {
    const broken: Projection = { ...gaugeList, apply: () => Promise.reject(new Error('cannot apply this')) };
    await expect(projectionSpec(broken, { database }).given(...log).thenRows(GaugeRow, [])).rejects.toThrow('cannot apply this');
  });
});

describe('a projection that is not one', () => {
  const planted = (change: (batch: number, row: GaugeRow) => Partial<GaugeRow>) => {
    let batches = 0;
    const apply: Projection['apply'] = async (events, set) => {
      await gaugeList.apply(events, set);
      const row = set(GaugeRow).get({ gaugeId: (events[0]?.data as GaugeRow).gaugeId });
      batches += 1;
      if (row) set(GaugeRow).put({ ...row, ...change(batches, row) });
    };
    return projectionSpec({ ...gaugeList, apply }, { database }).given(...log);
  };

  it('is found out when its rows depend on how the log was cut', async () => {
    await expect(planted((_, { timesLent }) => ({ timesLent: timesLent + 1 })).survivesRandomBatches()).rejects.toThrow();
  });
  it('is found out when its rows depend on anything but the log', async () => {
    await expect(planted((batch) => ({ serialNumber: `from batch ${batch}` })).rebuildEqualsLive()).rejects.toThrow('rebuiltHash');
  });
});
