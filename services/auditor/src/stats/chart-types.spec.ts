import { computed, drawn } from './analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import { boiler, circuitBoards, dyedCloth, nistCusum, nistEwma, orangeJuice, personalComputers, purchaseOrders } from './published.spec-kit.js';

interface Point {
  readonly value: number | null;
  readonly center: number;
  readonly lcl: number | null;
  readonly ucl: number | null;
}
interface Chart {
  readonly beyond: number[];
  readonly points: Point[];
  readonly estimates: { readonly center: number; readonly sigmaZ: number | null };
  readonly companion: Chart | null;
}
const chart = async (type: string, stdin: string, ...more: string[]): Promise<Chart> => ((await computed(['stats', 'chart', '--type', type, ...more], stdin)) as unknown as { chart: Chart }).chart;
const first = ({ points: [point] }: Chart): [number, number, number] => [point?.center ?? NaN, point?.lcl ?? NaN, point?.ucl ?? NaN];

const orders = ['--count', 'defective', '--size', 'inspected'];
const juice = ['--count', 'defective', '--size-each', '50'];
const nistMeans = ['--lambda', '0.3', '--center', '50', '--sigma', '2.0539'];
const nistSums = ['--center', '325', '--sigma', '1.27', '--k', '0.25', '--h', '3.3039'];

describe('touchstone stats chart, type by type', () => {
  it('draws the p chart of the orange juice cans as Montgomery prints it, and revises it without points 15 and 23', async () => {
    const preliminary = await chart('p', orangeJuice, ...juice);
    expect(preliminary.beyond).toEqual([15, 23]);
    for (const [index, printed] of [0.2313, 0.0524, 0.4102].entries()) expect(first(preliminary)[index]).toBeCloseTo(printed, 4);
    const revised = first(await chart('p', orangeJuice, ...juice, '--exclude', '15,23'));
    for (const [index, printed] of [0.215, 0.0407, 0.3893].entries()) expect(Math.abs((revised[index] ?? NaN) - printed)).toBeLessThan(0.0002);
  });
  it('counts on the np chart what the p chart shares', async () => {
    const [np, p] = [await chart('np', orangeJuice, ...juice), await chart('p', orangeJuice, ...juice)];
    expect(np.beyond).toEqual(p.beyond);
    for (const [index, share] of first(p).entries()) expect(first(np)[index]).toBeCloseTo(50 * share, 10);
  });
  it('lets the limits of a p chart follow the sizes of the purchase orders’ samples', async () => {
    const { beyond, estimates, points } = await chart('p', purchaseOrders, ...orders);
    expect([beyond, Number(estimates.center.toFixed(3))]).toEqual([[11], 0.096]);
    expect(new Set(points.map(({ ucl }) => ucl)).size).toBe(5); // five sizes, five limits
    expect(points[1]?.lcl).toBe(0); // 80 inspected: the limit would be negative
  });
  it('draws c and u charts of Montgomery’s circuit boards, computers and dyed cloth', async () => {
    const boards = await chart('c', circuitBoards);
    expect(boards.beyond).toEqual([6, 20]);
    for (const [index, printed] of [19.85, 6.48, 33.22].entries()) expect(Math.abs((first(boards)[index] ?? NaN) - printed)).toBeLessThan(0.01);
    for (const [index, printed] of [1.93, 0.07, 3.79].entries()) expect(first(await chart('u', personalComputers, '--size-each', '5'))[index]).toBeCloseTo(printed, 2);
    const cloth = await chart('u', dyedCloth, '--count', 'defects', '--size', 'units');
    expect([cloth.beyond, Number(cloth.estimates.center.toFixed(2))]).toEqual([[], 1.42]);
  });
  it('widens Laney’s limits by what the points scatter beyond binomial', async () => {
    const [plain, laney] = [await chart('p', purchaseOrders, ...orders), await chart('laney-p', purchaseOrders, ...orders)];
    const sigmaZ = laney.estimates.sigmaZ ?? NaN;
    expect((laney.points[0]?.ucl ?? NaN) - laney.estimates.center).toBeCloseTo(sigmaZ * ((plain.points[0]?.ucl ?? NaN) - plain.estimates.center), 12);
    expect((await chart('laney-u', dyedCloth, '--count', 'defects', '--size', 'units')).estimates.sigmaZ).toBeGreaterThan(0);
  });
  it('smooths as the NIST handbook’s EWMA', async () => {
    const { points, beyond } = await chart('ewma', nistEwma, ...nistMeans);
    const printed = [50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99];
    expect(points.map(({ value }, index) => Math.abs((value ?? NaN) - (printed[index] ?? NaN)) < 0.006)).toEqual(printed.map(() => true));
    expect([Number(points[19]?.ucl?.toFixed(2)), Number(points[19]?.lcl?.toFixed(2)), beyond]).toEqual([52.59, 47.41, []]);
    expect((await chart('ewma', nistEwma, ...nistMeans, '--steady')).points[0]?.ucl).toBeCloseTo(52.5884, 3);
  });
  it('cumulates as the NIST handbook’s CUSUM, in standard deviations', async () => {
    const { points, beyond, companion } = await chart('cusum', nistCusum, ...nistSums);
    const printed = [0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.0, 19.04];
    expect(points.map(({ value }, index) => Math.abs(1.27 * (value ?? NaN) - (printed[index] ?? NaN)) < 0.006)).toEqual(printed.map(() => true));
    expect([beyond, companion?.beyond]).toEqual([[14, 15, 16, 17, 18, 19, 20], []]);
    expect(1.27 * (points[0]?.ucl ?? NaN)).toBeCloseTo(4.1959, 3);
  });
  it('takes vectors for T², with the limit of qcc’s boiler example', async () => {
    const { points } = await chart('t2', boiler, '--no-header', '--alpha', '0.001');
    expect(points[0]?.ucl).toBeCloseTo(17.41705, 4);
    expect(points.slice(0, 4).map(({ value }) => Number(value?.toFixed(5)))).toEqual([13.96396, 9.77908, 5.47267, 14.74098]);
  });
});

describe('the picture of a chart', () => {
  it('ends limits that vary with the last of them', async () => {
    const { texts, svg } = await drawn(['stats', 'chart', '--type', 'p', ...orders], purchaseOrders);
    for (const text of ['CL 0.09551', 'UCL 0.18846', 'LCL 0.0025651']) expect(texts).toContain(text);
    expect(svg.match(/stroke-dasharray="6 4"/g)).toHaveLength(2);
  });
  it.each<[string, string[], string]>([
    ['np', juice, orangeJuice], ['c', [], circuitBoards], ['u', ['--count', 'defects', '--size', 'units'], dyedCloth], ['laney-p', orders, purchaseOrders], ['laney-u', ['--count', 'defects', '--size', 'units'], dyedCloth],
    ['ewma', nistMeans, nistEwma], ['cusum', nistSums, nistCusum], ['t2', ['--no-header'], boiler], ['xbar-s', ['--no-header'], boiler], ['i-mr', [], nistEwma],
  ])('of %s has a title, axes and no number that is none', async (type, more, stdin) => {
    const { svg, texts } = await drawn(['stats', 'chart', '--type', type, ...more], stdin);
    expect(texts).toEqual(expect.arrayContaining([`${type} chart of standard input`, 'point']));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('leaves out limits on the side a statistic cannot go to, and says where a CUSUM’s run began', async () => {
    const { texts } = await drawn(['stats', 'chart', '--type', 'cusum', ...nistSums], nistCusum);
    expect(texts.filter((text) => /CL/.test(text)).sort()).toEqual(['CL 0', 'CL 0', 'LCL -3.3039', 'UCL 3.3039']);
    expect((await drawn(['stats', 'chart', '--type', 't2', '--no-header'], boiler)).texts.join(' ')).not.toMatch(/LCL/);
    const { out } = await touchstone(['stats', 'chart', '--type', 'cusum', ...nistSums], { stdin: nistCusum });
    expect(out).toMatch(/limits from the given center 325 and sigma 1\.27/);
    expect(out).toMatch(/14 +upper CUSUM \(σ\) +13 +327\.788/);
  });
});
