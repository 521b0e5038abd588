/** Positive nodes and weights of the Gauss–Legendre rule with 16 points on −1 to 1 (Abramowitz and Stegun, table 25.4). */
const NODES = [
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438, 0.755404408355003, 0.8656312023878318,
  0.9445750230732326, 0.9894009349916499,
];
const WEIGHTS = [
  0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674, 0.12462897125553388, 0.09515851168249279,
  0.062253523938647894, 0.027152459411754096,
];

/** The 16 nodes on −1 to 1, ascending, and their weights. */
export const gaussNodes = Float64Array.from([...NODES.toReversed().map((node) => -node), ...NODES]);
export const gaussWeights = Float64Array.from([...WEIGHTS.toReversed(), ...WEIGHTS]);

const DEEPEST = 40;

/** ∫ from `lower` to `upper` by halving intervals until both halves together agree with the whole to about 13 digits. */
export function integrate(integrand: (at: number) => number, lower: number, upper: number): number {
  const pieces = 8;
  const width = (upper - lower) / pieces;
  const panels = Array.from({ length: pieces }, (_, index) => lower + index * width);
  const wholes = panels.map((from) => panel(integrand, from, from + width));
  const scale = wholes.reduce((sum, whole) => sum + Math.abs(whole), 0);
  return panels.reduce((sum, from, index) => sum + refine(integrand, from, from + width, wholes[index], scale * 1e-15, DEEPEST), 0);
}

function refine(integrand: (at: number) => number, lower: number, upper: number, whole: number, negligible: number, depth: number): number {
  const middle = (lower + upper) / 2;
  const left = panel(integrand, lower, middle);
  const right = panel(integrand, middle, upper);
  const gap = Math.abs(left + right - whole);
  if (depth === 0 || gap <= negligible || gap <= 1e-14 * Math.abs(whole)) return left + right;
  return refine(integrand, lower, middle, left, negligible, depth - 1) + refine(integrand, middle, upper, right, negligible, depth - 1);
}

function panel(integrand: (at: number) => number, lower: number, upper: number): number {
  const half = (upper - lower) / 2;
  const middle = (upper + lower) / 2;
  let sum = 0;
  for (let node = 0; node < gaussNodes.length; node += 1) sum += gaussWeights[node] * integrand(middle + half * gaussNodes[node]);
  return sum * half;
}
