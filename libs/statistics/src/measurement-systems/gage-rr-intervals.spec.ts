import { readFileSync } from 'node:fs';
import { gageAnova, gageNested } from './index.js';
import { modifiedLargeSampleInterval } from './mean-squares.js';
import type { AnovaRow } from './mean-squares.js';
import { columnsOf } from './references.js';
import type { PublishedStudies } from './references.js';

const studies = JSON.parse(
  readFileSync(new URL('../fixtures/measurement-systems-studies.json', import.meta.url), 'utf8'),
) as PublishedStudies;

const intervalOf = (terms: readonly (readonly [number, AnovaRow | null | undefined])[], level = 0.95): unknown => {
  const { lower, upper } = modifiedLargeSampleInterval(
    terms.map(([weight, row]) => ({ weight, meanSquare: row?.meanSquare ?? NaN, df: row?.df ?? NaN })),
    level,
  );
  return { lower: expect.closeTo(lower, 12), upper: expect.closeTo(upper, 12), level };
};

// Weights by hand from the definitions of the components, such as σ²(GRR) = MSE + (MSPO − MSE)/r + (MSO − MSPO)/(pr).
describe('the intervals of a gage study weigh its mean squares', () => {
  it('of 20 parts, 3 operators and 2 trials with their interaction', () => {
    const { anova, intervals } = gageAnova(columnsOf(studies.montgomeryGage), { interaction: 'always', level: 0.9 });
    const { parts, operators, interaction, repeatability } = anova;
    expect(intervals).toEqual({
      repeatability: intervalOf([[1, repeatability]], 0.9),
      reproducibility: intervalOf(
        [
          [0.025, operators],
          [0.475, interaction],
          [-0.5, repeatability],
        ],
        0.9,
      ),
      gageRR: intervalOf(
        [
          [0.025, operators],
          [0.475, interaction],
          [0.5, repeatability],
        ],
        0.9,
      ),
      parts: intervalOf(
        [
          [1 / 6, parts],
          [-1 / 6, interaction],
        ],
        0.9,
      ),
      total: intervalOf(
        [
          [1 / 6, parts],
          [0.025, operators],
          [37 / 120, interaction],
          [0.5, repeatability],
        ],
        0.9,
      ),
    });
  });

  it('of 10 parts, 3 operators and 3 trials with the interaction pooled', () => {
    const { reducedAnova, intervals } = gageAnova(columnsOf(studies.aiagGage));
    const { parts, operators, repeatability: error } = reducedAnova ?? {};
    expect(intervals).toEqual({
      repeatability: intervalOf([[1, error]]),
      reproducibility: intervalOf([
        [1 / 30, operators],
        [-1 / 30, error],
      ]),
      gageRR: intervalOf([
        [1 / 30, operators],
        [29 / 30, error],
      ]),
      parts: intervalOf([
        [1 / 9, parts],
        [-1 / 9, error],
      ]),
      total: intervalOf([
        [1 / 9, parts],
        [1 / 30, operators],
        [77 / 90, error],
      ]),
    });
  });

  it('of 3 operators with 4 parts each of their own and 3 specimens', () => {
    const { anova, intervals } = gageNested(columnsOf(studies.suppliers));
    const { operators, partsWithinOperators: parts, repeatability: error } = anova;
    expect(intervals).toEqual({
      repeatability: intervalOf([[1, error]]),
      reproducibility: intervalOf([
        [1 / 12, operators],
        [-1 / 12, parts],
      ]),
      gageRR: intervalOf([
        [1 / 12, operators],
        [-1 / 12, parts],
        [1, error],
      ]),
      parts: intervalOf([
        [1 / 3, parts],
        [-1 / 3, error],
      ]),
      total: intervalOf([
        [1 / 12, operators],
        [1 / 4, parts],
        [2 / 3, error],
      ]),
    });
  });
});

describe('a study of uneven cells', () => {
  // As many cells of one size as of the other: the short ones are then what is wrong.
  const short = (who: string): string[] => (who === 'first' ? ['A', 'A', 'B', 'B', 'B', 'B'] : ['A', 'A', 'A', 'A', 'B', 'B']);
  const parts = (who: string): number[] => (who === 'first' ? [1, 2, 1, 1, 2, 2] : [1, 1, 2, 2, 1, 2]);

  it.each([
    ['first', 'A'],
    ['last', 'B'],
  ])('names a short cell where half of them are short, whether they come %s or not', (who, operator) => {
    const study = { operators: short(who), parts: parts(who), measurements: [1, 2, 3, 4, 5, 6] };
    expect(() => gageAnova(study)).toThrow(`operator ${operator} measured part 1 once where others were measured 2 times`);
    expect(() => gageNested(study)).toThrow(`operator ${operator} measured part 1 once where others were measured 2 times`);
  });
});
