import fc from 'fast-check';
import { initialSwitchingState, limitNumber, resumeInspection, samplingPlan, stepSwitching } from './index.js';
import type { InspectedLot, SamplingScheme, SamplingType, Severity, SwitchingOptions, SwitchingState, SwitchingStep } from './index.js';

const planFor = (scheme: SamplingScheme, severity: Severity, aql = 1, type: SamplingType = 'single') =>
  samplingPlan({ scheme, severity, aql, type, codeLetter: 'K' });

interface Told {
  readonly aql?: number;
  readonly options?: SwitchingOptions;
  readonly lot?: Partial<InspectedLot>;
}

/** Inspects lots with these counts one after another, each with the plan of the severity then in force. */
function inspect(start: SwitchingState, counts: readonly number[], told: Told = {}): readonly SwitchingStep[] {
  const steps: SwitchingStep[] = [];
  let state = start;
  for (const count of counts) {
    const step = stepSwitching(
      state,
      { plan: planFor(state.scheme, state.severity, told.aql), counts: [count], ...told.lot },
      told.options,
    );
    steps.push(step);
    state = step.state;
  }
  return steps;
}
const last = (steps: readonly SwitchingStep[]): SwitchingStep => steps[steps.length - 1] as SwitchingStep;
const transitions = (steps: readonly SwitchingStep[]): readonly (string | null)[] =>
  steps.map(({ transition }) => transition?.reason ?? null);

const BAD = 12;
const GOOD = 0;
const times = (n: number, count: number): number[] => Array.from({ length: n }, () => count);
const authorised = { lot: { reducedAuthorised: true } };

describe.each(['z1.4', 'iso2859-1'] as const)('under %s', (scheme) => {
  it('two of five consecutive lots rejected lead to tightened inspection, at once', () => {
    expect(transitions(inspect(initialSwitchingState(scheme), [BAD, BAD]))).toEqual([null, 'two-of-five-rejected']);
    expect(last(inspect(initialSwitchingState(scheme), [BAD, GOOD, GOOD, GOOD, BAD])).transition).toEqual({
      from: 'normal',
      to: 'tightened',
      reason: 'two-of-five-rejected',
    });
    expect(last(inspect(initialSwitchingState(scheme), [BAD, GOOD, GOOD, GOOD, GOOD, BAD])).transition).toBeNull();
  });

  it('five lots accepted in a row end tightened inspection', () => {
    const tightened = initialSwitchingState(scheme, 'tightened');
    expect(transitions(inspect(tightened, times(5, GOOD)))).toEqual([null, null, null, null, 'five-accepted-on-tightened']);
    expect(last(inspect(tightened, [...times(4, GOOD), BAD, ...times(4, GOOD)])).state.severity).toBe('tightened');
  });

  it('lots submitted again do not count', () => {
    const normal = initialSwitchingState(scheme);
    const steps = inspect(normal, [BAD, BAD, BAD], { lot: { original: false } });
    expect(last(steps).state).toEqual(normal);
    expect(last(steps).accepted).toBe(false);
  });

  it('a rejected lot, irregular production or other conditions end reduced inspection', () => {
    const reduced = initialSwitchingState(scheme, 'reduced');
    expect(last(inspect(reduced, [BAD])).transition).toEqual({ from: 'reduced', to: 'normal', reason: 'rejected-on-reduced' });
    expect(last(inspect(reduced, [GOOD], { lot: { productionSteady: false } })).transition?.reason).toBe('production-irregular');
    expect(last(inspect(reduced, [GOOD], { lot: { otherConditions: true } })).transition?.reason).toBe('other-conditions');
    expect(last(inspect(reduced, times(20, GOOD))).transition).toBeNull();
  });

  it('reduced inspection needs steady production and somebody who wants it', () => {
    const normal = initialSwitchingState(scheme);
    expect(last(inspect(normal, times(20, GOOD))).reducedObstacles).toEqual(['not-authorised']);
    expect(last(inspect(normal, times(20, GOOD), { lot: { reducedAuthorised: true, productionSteady: false } })).reducedObstacles).toEqual([
      'production-not-steady',
    ]);
    expect(inspect(normal, times(20, GOOD), authorised).some(({ transition }) => transition?.to === 'reduced')).toBe(true);
  });

  it('nothing is inspected after discontinuation until corrective action, then tightened', () => {
    const tightened = initialSwitchingState(scheme, 'tightened');
    const stopped = inspect(tightened, times(scheme === 'z1.4' ? 10 : 5, BAD));
    expect(last(stopped).transition?.to).toBe('discontinued');
    expect(() => inspect(last(stopped).state, [GOOD])).toThrow('discontinued');
    expect(resumeInspection(last(stopped).state).state).toEqual(tightened);
    expect(() => resumeInspection(tightened)).toThrow('not discontinued');
  });

  it('refuses a plan of another severity or scheme, and a lot without a decision', () => {
    const normal = initialSwitchingState(scheme);
    expect(() => stepSwitching(normal, { plan: planFor(scheme, 'tightened'), counts: [0] })).toThrow('inspected normal');
    expect(() => stepSwitching(normal, { plan: planFor(scheme === 'z1.4' ? 'iso2859-1' : 'z1.4', 'normal'), counts: [0] })).toThrow(
      'under the switching rules',
    );
    expect(() => stepSwitching(normal, { plan: planFor(scheme, 'normal', 1, 'double'), counts: [2] })).toThrow('no decision yet');
  });

  it('has a state of plain JSON and bounded size, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2, 3, 5, BAD), { maxLength: 60 }), (counts) => {
        let state = initialSwitchingState(scheme);
        for (const count of counts) {
          if (state.status === 'discontinued') state = resumeInspection(state).state;
          state = stepSwitching(state, { plan: planFor(scheme, state.severity), counts: [count], reducedAuthorised: true }).state;
          expect(state.lots.length).toBeLessThanOrEqual(10);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        }
      }),
      { seed: 1963, numRuns: 100 },
    );
  });
});

describe('z1.4', () => {
  const normal = initialSwitchingState('z1.4');

  it('reduces after ten accepted lots whose samples kept the limit number', () => {
    const steps = inspect(normal, times(10, 0), authorised);
    expect(transitions(steps).slice(0, 9)).toEqual(times(9, 0).map(() => null));
    expect(last(steps).transition).toEqual({ from: 'normal', to: 'reduced', reason: 'reduced-inspection-earned' });
    expect(last(steps.slice(0, 9)).reducedObstacles).toEqual(['fewer-than-ten-lots']);
  });

  it('counts what all ten samples held: 1250 items at AQL 1.0 may have had 7', () => {
    expect(limitNumber(1, 1250)).toBe(7);
    expect(last(inspect(normal, [3, 3, 1, ...times(7, 0)], authorised)).transition?.to).toBe('reduced');
    const above = last(inspect(normal, [3, 3, 2, ...times(7, 0)], authorised));
    expect(above.transition).toBeNull();
    expect(above.reducedObstacles).toEqual(['limit-number-exceeded']);
    expect(last(inspect(normal, [3, 3, 2, ...times(7, 0)], { ...authorised, options: { limitNumbers: false } })).transition?.to).toBe(
      'reduced',
    );
  });

  it('waits where the samples were too few to tell, and after a rejected lot', () => {
    expect(last(inspect(normal, times(10, 0), { ...authorised, aql: 0.065 })).reducedObstacles).toEqual(['too-few-sample-units']);
    expect(last(inspect(normal, [BAD, ...times(9, 0)], authorised)).reducedObstacles).toEqual(['lot-rejected']);
    expect(last(inspect(normal, [BAD, ...times(10, 0)], authorised)).transition?.to).toBe('reduced');
  });

  it('returns to normal inspection after a count between the numbers, though the lot is accepted', () => {
    const step = last(inspect(initialSwitchingState('z1.4', 'reduced'), [2]));
    expect(step).toMatchObject({
      accepted: true,
      transition: { from: 'reduced', to: 'normal', reason: 'between-numbers-of-reduced-plan' },
    });
  });

  it('is discontinued after ten lots in a row on tightened inspection, unless the tenth ends it', () => {
    const tightened = initialSwitchingState('z1.4', 'tightened');
    const slow = [GOOD, GOOD, GOOD, GOOD, BAD, GOOD, GOOD, GOOD, BAD, GOOD];
    expect(last(inspect(tightened, slow)).transition).toEqual({ from: 'tightened', to: 'discontinued', reason: 'too-long-on-tightened' });
    expect(last(inspect(tightened, slow.slice(0, 9))).transition).toBeNull();
    expect(last(inspect(tightened, [...times(4, GOOD), BAD, ...times(5, GOOD)])).transition?.to).toBe('normal');
    expect(
      last(inspect(tightened, [...times(3, BAD)], { options: { discontinueAfter: { rule: 'rejected-on-tightened', lots: 3 } } })).transition
        ?.reason,
    ).toBe('too-many-rejected-on-tightened');
  });

  it('has the limit numbers of table VIII', () => {
    expect([0.4, 0.65, 1, 1.5, 2.5, 4, 6.5, 10, 15].map((aql) => limitNumber(aql, 1999))).toEqual([2, 4, 7, 13, 24, 40, 69, 110, 169]);
    expect([0.15, 0.25, 0.4, 0.65, 1].map((aql) => limitNumber(aql, 800))).toEqual([null, 0, 0, 2, 4]);
    expect([10, 15, 25, 40, 65, 100, 150, 250, 400, 650, 1000].map((aql) => limitNumber(aql, 20))).toEqual([
      0, 0, 2, 4, 8, 14, 22, 40, 68, 115, 181,
    ]);
    expect([2.5, 4, 6.5, 10, 15, 25].map((aql) => limitNumber(aql, 150))).toEqual([0, 2, 4, 7, 13, 25]);
    expect(limitNumber(0.01, 50_000)).toBe(2);
    expect(limitNumber(1000, 19)).toBeNull();
  });
});

describe('iso2859-1', () => {
  const normal = initialSwitchingState('iso2859-1');

  it('adds 3 points where the lot had also passed one AQL stricter, and starts again where not', () => {
    // K at AQL 1.0 has Ac 3, at AQL 0.65 it has Ac 2.
    const scores = inspect(normal, [0, 2, 3, 1, BAD, 0]).map(({ state }) => state.switchingScore);
    expect(scores).toEqual([3, 6, 0, 3, 0, 3]);
  });

  it('asks for the stricter AQL from acceptance number 2 on', () => {
    // K at AQL 0.65 has Ac 2, at AQL 0.4 it has Ac 1.
    expect(inspect(normal, [1, 0, 2], { aql: 0.65 }).map(({ state }) => state.switchingScore)).toEqual([3, 6, 0]);
  });

  it('adds 2 points for an accepted lot where the acceptance number is 0 or 1', () => {
    const scores = inspect(normal, [0, 1, 0, 2, 1], { aql: 0.4 }).map(({ state }) => state.switchingScore);
    expect(planFor('iso2859-1', 'normal', 0.4).ac).toBe(1);
    expect(scores).toEqual([2, 4, 6, 0, 2]);
  });

  it('adds 3 points for acceptance at the first sample of a double plan', () => {
    const step = (state: SwitchingState, counts: readonly number[]) =>
      stepSwitching(state, { plan: planFor('iso2859-1', 'normal', 1, 'double'), counts }).state;
    expect(step(normal, [1]).switchingScore).toBe(3);
    expect(step(step(normal, [1]), [2, 1]).switchingScore).toBe(0);
  });

  it('adds 3 points for acceptance by the third sample of a multiple plan', () => {
    const step = (counts: readonly number[]) =>
      stepSwitching({ ...normal, switchingScore: 6 }, { plan: planFor('iso2859-1', 'normal', 1, 'multiple'), counts }).state;
    expect(step([1, 0, 0]).switchingScore).toBe(9);
    expect(step([1, 1, 0, 0]).switchingScore).toBe(0);
  });

  it('reduces at 30 points', () => {
    const steps = inspect(normal, times(10, 0), authorised);
    expect(steps[8]).toMatchObject({ transition: null, reducedObstacles: ['switching-score-below-30'], state: { switchingScore: 27 } });
    expect(last(steps).transition).toEqual({ from: 'normal', to: 'reduced', reason: 'reduced-inspection-earned' });
    const byTwos = inspect(normal, times(15, 0), { ...authorised, aql: 0.4 });
    expect(byTwos.findIndex(({ transition }) => transition !== null)).toBe(14);
  });

  it('is discontinued when five lots on tightened inspection were not accepted, in a row or not', () => {
    const tightened = initialSwitchingState('iso2859-1', 'tightened');
    const mixed = [BAD, GOOD, BAD, GOOD, GOOD, BAD, GOOD, BAD, GOOD, GOOD, GOOD];
    expect(last(inspect(tightened, mixed)).transition).toBeNull();
    expect(last(inspect(tightened, [...mixed, BAD])).transition).toEqual({
      from: 'tightened',
      to: 'discontinued',
      reason: 'too-many-rejected-on-tightened',
    });
  });
});
