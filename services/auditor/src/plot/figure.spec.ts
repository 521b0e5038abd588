import { svgOf } from './figure.js';
import type { Mark, Panel } from './figure.js';
import { scaleOver, ticksOf } from './scale.js';

const drawn = (marks: readonly Mark[], more: Partial<Panel> = {}): string => svgOf({ title: 'A & B', panels: [{ xLabel: 'x', yLabel: 'y', marks, ...more }] });
const textAt = (svg: string, text: string): { x: number; y: number; anchor: string | undefined } => {
  const [, x, y, anchor] = new RegExp(`<text x="([\\d.-]+)" y="([\\d.-]+)"(?: text-anchor="(\\w+)")?[^>]*>${text}</text>`).exec(svg) ?? [];
  return { x: Number(x), y: Number(y), anchor };
};

describe('an axis', () => {
  it('has three to nine ticks at round values, whatever its ends', () => {
    for (let index = 1; index < 2_000; index += 1) {
      const low = Math.sin(index) * 10 ** ((index % 13) - 6);
      const high = low + (1 + (index % 97)) * 10 ** ((index % 7) - 3);
      const ticks = ticksOf(low, high);
      expect(ticks.length >= 3 && ticks.length <= 9 && ticks.every(({ value }) => value >= low - (high - low) * 1e-8 && value <= high + (high - low) * 1e-8)).toBe(true);
    }
    expect(ticksOf(0, 12.6).map(({ text }) => text)).toEqual(['0', '2', '4', '6', '8', '10', '12']);
  });
  it('is wider than its values, and than one value alone', () => {
    expect([scaleOver([0, 10], [0, 1]).low, scaleOver([0, 10], [0, 1]).high]).toEqual([-0.5, 10.5]);
    expect([scaleOver([5], [0, 1]).low, scaleOver([5], [0, 1]).high]).toEqual([4.75, 5.25]);
    expect(scaleOver([], [0, 1], { low: 0 }).low).toBe(0);
  });
});

describe('a figure', () => {
  it('is one document without script, and says texts as they are', () => {
    const svg = svgOf({ title: '<script>alert("1")</script> & co', notes: ['a\u0000b'], panels: [] });
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co');
    expect(svg).toContain('>a b</text>');
    expect(svg).not.toMatch(/<script|href/);
    expect(svg).not.toContain('\u0000');
  });
  it('breaks a line where a value is missing', () => {
    const [, path = ''] = /<path d="(M[^"]*)" fill="none"/.exec(drawn([{ kind: 'line', x: [1, 2, 3, 4], y: [1, 2, null, 4] }])) ?? [];
    expect(path.match(/M/g)).toHaveLength(2);
  });
  it('labels levels and the ends of lines at the right edge, apart from each other', () => {
    const svg = drawn([{ kind: 'level', at: 1, label: 'CL 1' }, { kind: 'steps', x: [0, 1, 2], y: [5, 1.001, null], label: 'UCL 1.001' }], { y: { low: 0, high: 5 } });
    expect(Math.abs(textAt(svg, 'CL 1').y - textAt(svg, 'UCL 1\\.001').y)).toBeGreaterThanOrEqual(13);
    expect(textAt(svg, 'CL 1').x).toBe(textAt(svg, 'UCL 1\\.001').x);
  });
  it('turns the label of an upright inwards at the right edge, and sets two at one place below each other', () => {
    const svg = drawn([{ kind: 'upright', at: 0, label: 'LSL' }, { kind: 'upright', at: 0.1, label: 'target' }, { kind: 'upright', at: 10, label: 'USL' }], { x: { low: 0, high: 10 } });
    expect([textAt(svg, 'LSL').anchor, textAt(svg, 'USL').anchor]).toEqual([undefined, 'end']);
    expect(textAt(svg, 'USL').x).toBeLessThan(708);
    expect(textAt(svg, 'target').y).toBe(textAt(svg, 'LSL').y + 13);
  });
  it('writes the label of a point below it where there is no room above', () => {
    const svg = drawn([{ kind: 'points', x: [1, 2], y: [10, 0], labels: ['high', 'low'] }], { y: { low: 0, high: 10 } });
    const [high, low] = [textAt(svg, 'high'), textAt(svg, 'low')];
    expect(high.y).toBeGreaterThan(50); // the point lies at the top edge, at 50
    expect(low.y).toBeLessThan(280);
  });
  it('draws bars down to zero and bands around a line', () => {
    const svg = drawn([{ kind: 'bars', x: [[0, 1], [1, 2]], y: [2, -1] }, { kind: 'band', x: [0, 2], low: [0, 0], high: [1, 2] }]);
    expect(svg.match(/fill-opacity="0\.35"/g)).toHaveLength(2);
    expect(svg).toMatch(/Z" fill="#000000" fill-opacity="0\.15"/);
  });
});
