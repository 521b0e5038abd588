import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { crossValidateTriage, learnVocabulary, tokensOf, trainTriage, triage, triageAccuracy, triageAll, weighTexts } from './index.js';
import { softmaxRegression } from './softmax-regression.js';

const complaints = JSON.parse(readFileSync(new URL('../fixtures/voice-complaints.json', import.meta.url), 'utf8')) as {
  category: string;
  text: string;
}[];
const texts = complaints.map(({ text }) => text);
const categories = complaints.map(({ category }) => category);
const model = trainTriage(texts, categories);

describe('words', () => {
  it('are letters and digits in lower case, with apostrophes inside them', () => {
    expect(tokensOf("Didn’t pay £30 — IT'S the BANK's café’s fault; a 2nd time!")).toEqual([
      "didn't",
      'pay',
      '30',
      "it's",
      'the',
      "bank's",
      "café's",
      'fault',
      '2nd',
      'time',
    ]);
  });

  it('are the same however an accent is written', () => {
    expect(tokensOf('cafe\u0301')).toEqual(tokensOf('caf\u00e9'));
    expect(tokensOf('ΣΊΣΥΦΟΣ')).toEqual(['σίσυφος']);
  });

  it('are counted in code points, so that a word beyond the basic plane is not longer than it looks', () => {
    expect(tokensOf('𝒳 ab')).toEqual(['ab']);
    expect(tokensOf('𝒳 ab', { shortest: 1 })).toEqual(['𝒳', 'ab']);
  });

  it('make phrases of neighbours after stop words are gone', () => {
    expect(tokensOf('charged me twice for it', { longestPhrase: 2, stopWords: ['me', 'for'] })).toEqual([
      'charged',
      'twice',
      'it',
      'charged twice',
      'twice it',
    ]);
  });

  it('are left out of the vocabulary where too few or too many texts have them', () => {
    const three = ['loan card', 'loan card fee', 'loan mortgage'];
    expect(learnVocabulary(three).words).toEqual(['card', 'fee', 'loan', 'mortgage']);
    expect(learnVocabulary(three, { fewestTexts: 2 }).words).toEqual(['card', 'loan']);
    expect(learnVocabulary(three, { fewestTexts: 2, largestShare: 0.7 }).words).toEqual(['card']);
    expect(() => learnVocabulary(three, { fewestTexts: 4 })).toThrow('no word is left');
    expect(() => learnVocabulary(['?', '!'])).toThrow('no word is left');
  });

  it('count less the more often they are repeated, where sublinear', () => {
    const options = { sublinear: true };
    const [weighted] = weighTexts(learnVocabulary(['fee fee fee', 'card'], options), ['fee fee fee card']);
    expect(weighted.weights[1] / weighted.weights[0]).toBeCloseTo(1 + Math.log(3), 12);
  });
});

describe('the triage of complaints', () => {
  it('recognises products from complaints it has not seen, six times as often as chance', () => {
    const result = crossValidateTriage(texts, categories, { folds: 5, seed: 1 }, { sublinear: true, fewestTexts: 2 });
    expect(result.baseline).toBeCloseTo(1 / 11, 12);
    expect(result.accuracy).toBeGreaterThan(0.54);
    expect(result.macroF1).toBeGreaterThan(0.53);
    expect(result.confusion.flat().reduce((sum, count) => sum + count)).toBe(220);
    expect(result.categories.map(({ texts: count }) => count)).toEqual(Array<number>(11).fill(20));
  });

  it('names the words that decided', () => {
    const decision = triage(model, 'My mortgage servicer lost the escrow payment for my home');
    expect(decision.category).toBe('Mortgage');
    expect(decision.lead.words[0].word).toBe('mortgage');
    expect(decision.categories[0].words[0].word).toBe('mortgage');
  });

  it('has scores that are the sum of base and words, to the last bit, and probabilities that are theirs', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...model.vocabulary.words.slice(0, 400), 'unheard-of'), { maxLength: 40 }), (words) => {
        const decision = triage(model, words.join(' '));
        for (const { base, words: each, score, probability } of decision.categories) {
          expect(each.reduce((sum, { contribution }) => sum + contribution, base)).toBe(score);
          const total = decision.categories.reduce((sum, other) => sum + Math.exp(other.score - score), 0);
          expect(probability).toBeCloseTo(1 / total, 12);
        }
        const { lead, categories: ranked } = decision;
        expect(lead.words.reduce((sum, { contribution }) => sum + contribution, lead.base)).toBe(lead.margin);
        expect(lead.margin).toBeCloseTo(ranked[0].score - ranked[1].score, 10);
        expect(ranked.map(({ probability }) => probability)).toEqual(
          [...ranked.map(({ probability }) => probability)].sort((a, b) => b - a),
        );
        expect(lead.over).toBe(ranked[1].category);
      }),
      { numRuns: 40 },
    );
  });

  it('rests on the frequency of categories where it knows no word', () => {
    const small = trainTriage(['late parcel', 'late again', 'late', 'broken'], ['delivery', 'delivery', 'delivery', 'quality']);
    const decision = triage(small, 'zzz');
    expect(decision).toMatchObject({ category: 'delivery', knownWords: 0, lead: { words: [] } });
    expect(small.biases[0] + small.biases[1]).toBeCloseTo(0, 12);
  });

  it('is the same after a journey through JSON, and for one text or many', () => {
    const returned = JSON.parse(JSON.stringify(model)) as typeof model;
    expect(triageAll(returned, texts.slice(0, 5))).toEqual(texts.slice(0, 5).map((text) => triage(model, text)));
  });

  it('does not depend on the order of the texts beyond rounding', () => {
    const backwards = trainTriage([...texts].reverse(), [...categories].reverse());
    const [one, other] = [triage(model, texts[0]), triage(backwards, texts[0])];
    expect(other.category).toBe(one.category);
    expect(other.probability).toBeCloseTo(one.probability, 7);
  });

  it('counts categories alike where balanced', () => {
    const uneven = [...Array<string>(9).fill('late parcel'), 'broken parcel'];
    const names = [...Array<string>(9).fill('delivery'), 'quality'];
    expect(triage(trainTriage(uneven, names), 'parcel').category).toBe('delivery');
    const balanced = trainTriage(uneven, names, { balanced: true });
    expect(triage(balanced, 'zzz').probability).toBeLessThan(triage(trainTriage(uneven, names), 'zzz').probability);
    expect(triage(balanced, 'broken').category).toBe('quality');
  });

  it('refuses what cannot be learnt', () => {
    expect(() => trainTriage(['a b'], ['x', 'y'])).toThrow('1 texts but 2 categories');
    expect(() => trainTriage(['one', 'two'], ['x', 'x'])).toThrow('1 categories');
    expect(() => trainTriage(['one', 'two'], ['x', 'y'], { l2: 0 })).toThrow('l2 0');
    expect(() => crossValidateTriage(['one', 'two', 'three'], ['x', 'y', 'y'], { folds: 2, seed: 1 })).toThrow('category "x" has one text');
  });
});

describe('multinomial logistic regression', () => {
  it('stands where the slope of the penalised likelihood is zero', () => {
    const vocabulary = learnVocabulary(texts);
    const rows = weighTexts(vocabulary, texts);
    const names = [...new Set(categories)];
    const labels = categories.map((category) => names.indexOf(category));
    const width = vocabulary.words.length;
    const fitted = softmaxRegression({ rows, width, labels, classes: 11, importance: labels.map(() => 1), l2: 1 });
    const slope = new Float64Array(fitted.length);
    for (let index = 0; index < width * 11; index += 1) slope[index] = fitted[index];
    for (const [row, { indices, weights }] of rows.entries()) {
      const scores = names.map((_, one) =>
        indices.reduce((sum, index, at) => sum + weights[at] * fitted[index * 11 + one], fitted[width * 11 + one]),
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      for (const [one, score] of scores.entries()) {
        const residual = Math.exp(score) / total - (labels[row] === one ? 1 : 0);
        for (const [at, index] of indices.entries()) slope[index * 11 + one] += weights[at] * residual;
        slope[width * 11 + one] += residual;
      }
    }
    expect(slope.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(1e-6);
  });
});

describe('the accuracy of a triage', () => {
  it('is counted by category', () => {
    const result = triageAccuracy(['a', 'a', 'a', 'b'], ['a', 'a', 'b', 'b']);
    expect(result).toMatchObject({
      accuracy: 0.75,
      baseline: 0.75,
      confusion: [
        [2, 1],
        [0, 1],
      ],
    });
    expect(result.categories).toEqual([
      { category: 'a', texts: 3, precision: 1, recall: 2 / 3, f1: 0.8 },
      { category: 'b', texts: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
    ]);
    expect(result.macroF1).toBeCloseTo((0.8 + 2 / 3) / 2, 12);
  });

  it('has no precision for a category nothing was sorted into', () => {
    expect(triageAccuracy(['a', 'b'], ['a', 'a']).categories[1]).toEqual({ category: 'b', texts: 1, precision: null, recall: 0, f1: 0 });
  });
});
