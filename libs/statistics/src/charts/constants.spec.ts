import { readFileSync } from 'node:fs';
import { c5, chartFactors } from './index.js';
import { c4, d2, d3, d4, normalCdf, normalDensity } from '../index.js';
import { c4Pooled } from './constants.js';

const reference = JSON.parse(readFileSync(new URL('../fixtures/factors.json', import.meta.url), 'utf8')) as Record<
  string,
  { readonly d2: number; readonly d3: number; readonly c4: number }
>;
const sizes = Object.keys(reference).map(Number);
const difference = (value: number, expected: number): number => Math.abs(value - expected);

describe('the constants of control charts', () => {
  it.each([
    ['d2(2)', d2(2), 2 / Math.sqrt(Math.PI)],
    ['d2(3)', d2(3), 3 / Math.sqrt(Math.PI)],
    ['d2(4)', d2(4), (3 / Math.sqrt(Math.PI)) * (1 + (2 / Math.PI) * Math.asin(1 / 3))],
    ['d2(5)', d2(5), (5 / (2 * Math.sqrt(Math.PI))) * (1 + (6 / Math.PI) * Math.asin(1 / 3))],
    ['d3(2)', d3(2), Math.sqrt(2 - 4 / Math.PI)],
    ['d3(3)', d3(3), Math.sqrt(2 + (3 * Math.sqrt(3)) / Math.PI - 9 / Math.PI)],
    [
      'd3(4)',
      d3(4),
      Math.sqrt(2 + (6 + 2 * Math.sqrt(3)) / Math.PI - ((3 / Math.sqrt(Math.PI)) * (1 + (2 / Math.PI) * Math.asin(1 / 3))) ** 2),
    ],
    ['d4(2), the third quartile of the normal distribution times √2', d4(2), Math.SQRT2 * 0.6744897501960817],
    ['c5(2)', c5(2), Math.sqrt(1 - 2 / Math.PI)],
    ['c4(2)', c4(2), Math.sqrt(2 / Math.PI)],
    ['c4(3)', c4(3), Math.sqrt(Math.PI) / 2],
    ['c4(5)', c4(5), (3 / 4) * Math.sqrt(Math.PI / 2)],
  ])('have the closed form where there is one: %s', (_, value, closed) => {
    expect(difference(value, closed)).toBeLessThan(1e-13);
  });

  it.each(sizes)('agree with an independent calculation for %d values', (n) => {
    expect(difference(d2(n), reference[n].d2)).toBeLessThan(1e-12);
    expect(difference(c4(n), reference[n].c4)).toBeLessThan(1e-13);
  });

  // Montgomery, appendix VI, subgroups of 2 to 25.
  it('agree with the printed table of d3 to one unit of its last digit', () => {
    const printed = [
      0.853, 0.888, 0.88, 0.864, 0.848, 0.833, 0.82, 0.808, 0.797, 0.787, 0.778, 0.77, 0.763, 0.756, 0.75, 0.744, 0.739, 0.734, 0.729,
      0.724, 0.72, 0.716, 0.712, 0.708,
    ];
    for (const [index, value] of printed.entries()) expect(difference(d3(index + 2), value)).toBeLessThan(0.001);
  });

  it.each([10, 25, 100])('agree with the moments of the density of the range for %d values', (n) => {
    const { mean, sd } = momentsFromDensity(n);
    expect(difference(d2(n), mean)).toBeLessThan(1e-12);
    expect(difference(d3(n), sd)).toBeLessThan(1e-12);
  });

  // D. J. Wheeler and D. S. Chambers, Understanding Statistical Process Control, bias correction factors for a median range.
  it('agree with the printed table of d4', () => {
    for (const [index, value] of [0.954, 1.588, 1.978, 2.257, 2.472, 2.645, 2.791, 2.915, 3.024].entries()) {
      expect(difference(d4(index + 2), value)).toBeLessThan(0.00101);
    }
  });

  // ASTM STP 15D and Montgomery, appendix VI.
  it.each([
    [2, { A: 2.121, A2: 1.88, A3: 2.659, B3: 0, B4: 3.267, B5: 0, B6: 2.606, D1: 0, D2: 3.686, D3: 0, D4: 3.267 }],
    [5, { A: 1.342, A2: 0.577, A3: 1.427, B3: 0, B4: 2.089, B5: 0, B6: 1.964, D1: 0, D2: 4.918, D3: 0, D4: 2.114 }],
    [6, { A: 1.225, A2: 0.483, A3: 1.287, B3: 0.03, B4: 1.97, B5: 0.029, B6: 1.874, D1: 0, D2: 5.078, D3: 0, D4: 2.004 }],
    [7, { A: 1.134, A2: 0.419, A3: 1.182, B3: 0.118, B4: 1.882, B5: 0.113, B6: 1.806, D1: 0.204, D2: 5.204, D3: 0.076, D4: 1.924 }],
    [25, { A: 0.6, A2: 0.153, A3: 0.606, B3: 0.565, B4: 1.435, B5: 0.559, B6: 1.42, D1: 1.806, D2: 6.056, D3: 0.459, D4: 1.541 }],
  ])('make the printed factors of limits for %d values, to one unit of their last digit', (n, printed) => {
    const ours = chartFactors(n);
    for (const [name, value] of Object.entries(printed))
      expect(difference(ours[name as keyof typeof printed], value)).toBeLessThan(0.00101);
    expect(ours).toMatchObject({ n, d2: d2(n), d3: d3(n), d4: d4(n), c4: c4(n), c5: c5(n) });
  });

  it('of s go on beyond a hundred values as the Gamma function does', () => {
    for (let n = 80; n <= 2000; n += 1) {
      const twoFurther = c4Pooled(n) * (n / (n - 1)) * Math.sqrt((n - 1) / (n + 1));
      expect(difference(c4Pooled(n + 2), twoFurther)).toBeLessThan(2e-15);
    }
  });

  it('grow (d2, c4) and shrink (d3) with every further value', () => {
    for (let n = 3; n <= 100; n += 1) {
      expect(d2(n)).toBeGreaterThan(d2(n - 1));
      expect(c4(n)).toBeGreaterThan(c4(n - 1));
      if (n > 3) expect(d3(n)).toBeLessThan(d3(n - 1));
    }
  });

  it.each([1, 0, -5, 2.5, 101, NaN])('are unknown for %d values', (n) => {
    for (const constant of [d2, d3, d4, c4, c5, chartFactors]) {
      expect(() => constant(n)).toThrow(expect.objectContaining({ code: 'SIZE_OUT_OF_RANGE' }));
    }
  });
});

/** E(R) and sd(R) from f(r) = n(n−1) ∫ φ(x) φ(x+r) (Φ(x+r) − Φ(x))^(n−2) dx on a square grid, Simpson's rule in r. */
function momentsFromDensity(n: number): { mean: number; sd: number } {
  const step = 1 / 32;
  const points = 32 * 24;
  const x = Array.from({ length: points }, (_, index) => (index - points / 2) * step);
  const density = x.map(normalDensity);
  const below = x.map(normalCdf);
  const moments = [0, 0, 0];
  for (let apart = 0; apart <= 32 * 14; apart += 1) {
    let sum = 0;
    for (let low = 0; low + apart < points; low += 1) {
      sum += density[low] * density[low + apart] * (below[low + apart] - below[low]) ** (n - 2);
    }
    const weight = (apart === 0 || apart === 32 * 14 ? 1 : apart % 2 === 1 ? 4 : 2) / 3;
    for (const power of [0, 1, 2]) moments[power] += weight * sum * n * (n - 1) * step * step * (apart * step) ** power;
  }
  return { mean: moments[1], sd: Math.sqrt(moments[2] - moments[1] ** 2) };
}

describe('the normal distribution function', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2.
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [2, 0.977249868051821],
    [-1, 0.158655253931457],
    [3, 0.99865010196837],
  ])('at %d is %d', (x, expected) => {
    expect(difference(normalCdf(x), expected)).toBeLessThan(5e-15);
  });

  it.each([
    [-3, 1.349898031630095e-3],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416053e-24],
  ])('keeps its digits in the lower tail, at %d', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12);
  });

  it('changes its method at 3 without a step', () => {
    const around = normalCdf(3) - normalCdf(3 - 2 ** -40);
    expect(difference(around, normalDensity(3) * 2 ** -40)).toBeLessThan(5e-16);
  });

  it('has both halves', () => {
    for (let x = 0; x < 8; x += 0.125) expect(difference(normalCdf(x) + normalCdf(-x), 1)).toBeLessThan(1e-15);
  });
});
