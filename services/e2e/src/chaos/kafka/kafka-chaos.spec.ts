import { Random } from '@touchstone/infra';
import { kafkaPrograms } from '@touchstone/testing/kafka';
import { kafkaChaosOptions } from '../options.js';
import { interleaved, repeated } from './mangled-port.js';
import { kafkaFaults, kafkaPlanAsText, kafkaPlanOf } from './plan.js';
import { isKafkaAsItShould, runKafkaChaos } from './run.js';
import { kafkaOutcomeOf } from './grounds.js';
import { ingestSteps, momentsOf, relaySteps, replaySteps } from './steps.js';

const programs = await kafkaPrograms();
const where = 'why' in programs ? (name: string, specs: () => void) => describe.skip(`${name} (skipped: ${programs.why})`, specs) : describe;

where('a small part of the chaos run over Kafka', () => {
  it('finds nothing but the bugs that are planted, and those', async () => {
    const plan = kafkaPlanOf({ seed: 3, rounds: 1 });
    const report = await runKafkaChaos({ ...plan, faults: ['cut', 'killed', 'replayed', 'planted'], bugs: ['no-duplicate-check', 'no-order'] }, () => undefined);
    expect(report.outcomes.filter(({ planted }) => !planted).flatMap(({ violations }) => violations)).toEqual([]);
    expect(report.outcomes.map(({ planted }) => planted && [planted.bug, planted.found.length > 0])).toEqual([undefined, undefined, undefined, ['no-duplicate-check', true], ['no-order', true]]);
    expect(isKafkaAsItShould(report)).toBe(true);
    for (const { published, takenIn, trials } of report.outcomes) expect([published > 100, takenIn > 100, trials]).toEqual([true, true, 1]);
  }, 240_000);
});

describe('the chaos run over Kafka', () => {
  const outcome = { ...kafkaOutcomeOf('cut', ''), points: 1, trials: 1 };

  it('is not as it should be when a planted bug is not found, something else is, or nothing could be run', () => {
    expect(isKafkaAsItShould({ outcomes: [outcome] })).toBe(true);
    expect(isKafkaAsItShould({ outcomes: [{ ...outcome, violations: ['lost'] }] })).toBe(false);
    expect(isKafkaAsItShould({ outcomes: [outcome, { ...outcome, fault: 'planted', planted: { bug: 'no-order', found: [] } }] })).toBe(false);
    expect(isKafkaAsItShould({ outcomes: [{ ...outcome, fault: 'planted', violations: ['lost'], planted: { bug: 'no-order', found: ['lost'] } }] })).toBe(true);
    expect(isKafkaAsItShould({ outcomes: [{ ...outcome, notRun: 'no Java' }] })).toBe(false);
  });

  it('follows a plan from the seed, with every place between two steps of the relay, of ingest and of a replay', () => {
    const plan = kafkaPlanOf({ seed: 7 });
    expect(kafkaPlanAsText(plan)).toBe(kafkaPlanAsText(kafkaPlanOf({ seed: 7 })));
    expect(kafkaPlanAsText(plan)).not.toBe(kafkaPlanAsText(kafkaPlanOf({ seed: 8 })));
    const places = [...plan.relayKills, ...plan.ingestKills, ...plan.replayKills].map(({ step, moment }) => `${step} ${moment}`).toSorted();
    expect(places).toEqual([...relaySteps, ...ingestSteps, ...replaySteps].flatMap((step) => momentsOf(step).map((moment) => `${step} ${moment}`)).toSorted());
    expect(plan.faults).toEqual(kafkaFaults);
  });

  it.each([['--rounds', '0'], ['--seed', 'x'], ['--only', 'rain'], ['--colour', 'red']])('refuses the option %s %s', (...args) => {
    expect(() => kafkaChaosOptions(args)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }) as Error);
  });
  it('has one fault when only that is asked for', () => {
    expect(kafkaChaosOptions(['--only', 'killed', '--rounds', '2'])).toEqual({ seed: 1, rounds: 2, only: 'killed', plan: false, json: false, write: false });
    expect(kafkaPlanOf({ seed: 1, only: 'killed' }).faults).toEqual(['killed']);
  });
});

describe('the port that mangles', () => {
  const records = Array.from({ length: 40 }, (_, index) => ({ partition: index % 2, key: `press-${index % 4}`, value: String(index), headers: {} }));
  const streams = (all: typeof records) => Object.fromEntries([...Map.groupBy(all, ({ key }) => key)].map(([key, list]) => [key, [...new Set(list.map(({ value }) => value))]]));

  it('keeps the order in which the records of a stream first come, whatever it does', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = new Random(seed);
      const mangled = repeated(interleaved(records, random), random) as typeof records;
      expect(streams(mangled)).toEqual(streams(records));
      expect(mangled.map(({ value }) => value)).not.toEqual(records.map(({ value }) => value));
      expect(mangled.length).toBeGreaterThan(records.length);
    }
  });
});
