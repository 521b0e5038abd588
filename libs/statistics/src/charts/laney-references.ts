// Published results Laney's charts are held to.
import type { ReadFixture, ReferenceCase, ReferencedMethod } from '../reference.js';
import { attributesOf } from './attribute-chart.js';
import type { ChartPoint, ControlChart } from './chart-shape.js';
import { chartEstimates, controlChart } from './control-chart.js';

interface Attendances {
  readonly counts: number[];
  readonly sizes: number[];
  readonly center: number;
  readonly first: readonly [number, number];
  readonly last: readonly [number, number];
}

const SMALL = attributesOf([40, 90, 30], [1000, 1500, 900]);

/** σz of `SMALL`, written out. */
function sigmaZ(): number {
  const p = 160 / 3400;
  const z = (count: number, size: number): number => (count / size - p) / Math.sqrt((p * (1 - p)) / size);
  return ((z(90, 1500) - z(40, 1000) + z(90, 1500) - z(30, 900)) / 2) * (Math.sqrt(Math.PI) / 2);
}

function attendanceCases(type: 'laney-p' | 'laney-u', { counts, sizes, center, first, last }: Attendances): ReferenceCase[] {
  const chart = (): ControlChart => controlChart(type, attributesOf(counts, sizes), { factors: 'tabulated' });
  const of = (quantity: string, published: number, at: number, read: (point: ChartPoint) => number | null): ReferenceCase => ({
    quantity: `NHS attendances, ${type === 'laney-p' ? 'p′' : 'u′'}, ${quantity}`,
    published,
    ours: () => read(chart().points[at]) ?? NaN,
    tolerance: 5e-7,
  });
  return [
    of('center line', center, 0, (point) => point.center),
    of('first lower limit', first[0], 0, ({ lcl }) => lcl),
    of('first upper limit', first[1], 0, ({ ucl }) => ucl),
    of('20th lower limit', last[0], 19, ({ lcl }) => lcl),
    of('20th upper limit', last[1], 19, ({ ucl }) => ucl),
  ];
}

export function laneyReference(read: ReadFixture): ReferencedMethod {
  const { nhsAttendances } = JSON.parse(read('charts-published.json')) as { readonly nhsAttendances: Attendances };
  return {
    name: 'Laney p′ and u′ chart',
    formula: 'p̄ ± 3·σᵢ·σz, σz = mean |zᵢ − zᵢ₋₁| / d2(2), zᵢ = (pᵢ − p̄)/σᵢ',
    source:
      'D. B. Laney, Improved Control Charts for Attributes, Quality Engineering 14 (2002); NHS accident attendances within four hours (R package qicharts2) with the results R 4.5.1 gives in the tests of AUS-DOH-Safety-and-Quality/PowerBI-SPC, d2(2) = 1.128',
    cases: [
      {
        quantity: 'σz of 40/1000, 90/1500, 30/900, by hand',
        published: sigmaZ(),
        ours: () => chartEstimates('laney-p', SMALL).sigmaZ ?? NaN,
        tolerance: 1e-12,
      },
      ...attendanceCases('laney-p', nhsAttendances),
      ...attendanceCases('laney-u', nhsAttendances),
    ],
  };
}
