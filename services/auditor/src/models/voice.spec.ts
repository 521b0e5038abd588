import { complaint, computed, drawn } from '../stats/analyses.spec-kit.js';
import { touchstone } from '../canned.spec-kit.js';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const answered = (counts: Readonly<Record<string, number>>, group?: string): string => Object.entries(counts).flatMap(([answer, n]) => Array<string>(n).fill(group === undefined ? answer.replace('none', '') : `${answer.replace('none', '')},${group}`)).join('\n');

describe('touchstone models nps', () => {
  const survey = `recommend,quarter\n${answered({ '10': 50, '8': 30, '3': 20, none: 2 }, '2026-Q1')}\n${answered({ '9': 70, '7': 20, '6': 10 }, '2026-Q2')}\n`;
  it('counts promoters less detractors, with the interval of the score', async () => {
    const { all, groups } = (await computed(['models', 'nps', '--score', 'recommend', '--by', 'quarter'], survey)) as unknown as { all: { n: number; unanswered: number; score: number }; groups: { group: string; score: { score: number; standardError: number; lower: number; promoters: number }; change: { estimate: number; changed: boolean } | null }[] };
    expect([all.n, all.unanswered, all.score]).toEqual([200, 2, 45]);
    const [first, second] = groups;
    expect([first?.score.score, second?.score.score, first?.change]).toEqual([30, 60, null]);
    expect(first?.score.standardError).toBeCloseTo(100 * Math.sqrt((0.5 + 0.2 - 0.3 ** 2) / 100), 10);
    expect(first?.score.lower).toBeCloseTo(30 - 1.959964 * (first?.score.standardError ?? 0), 5);
    expect(second?.change).toMatchObject({ estimate: 30, changed: true });
  });
  it('takes periods that are numbers in the order of numbers', async () => {
    const { groups } = (await computed(['models', 'nps', '--score', 'x', '--by', 'month'], 'x,month\n9,10\n3,9\n8,11\n')) as unknown as { groups: { group: string }[] };
    expect(groups.map(({ group }) => group)).toEqual(['9', '10', '11']);
  });
  it('says when answers are few', async () => {
    const { out } = await touchstone(['models', 'nps', '--score', 'recommend'], { stdin: `recommend\n${answered({ '10': 3, '2': 1 })}\n`, columns: 80 });
    expect(out).toMatch(/all +4 +75\.0 % +0\.0 % +25\.0 % +50\.0/);
    expect(out).toContain('only 4 answers, fewer than 30');
  });
  it('draws shares and scores of each group', async () => {
    const { svg, texts } = await drawn(['models', 'nps', '--score', 'recommend', '--by', 'quarter'], survey);
    for (const text of ['Net promoter score of standard input', '2026-Q1', '2026-Q2', 'promoters', '60.0']) expect(texts).toContain(text);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  it('refuses an answer off the scale with its line, and an empty file', async () => {
    expect(await complaint(['models', 'nps', '--score', 'recommend'], 'recommend\n9\n11\n')).toEqual([2, 'touchstone: standard input, line 3: recommend is 11, and a whole number from 0 to 10 belongs there']);
    expect(await complaint(['models', 'nps', '--score', 'recommend'], '')).toEqual([2, 'touchstone: standard input is empty: a table of columns belongs there']);
  });
});

describe('touchstone models csat and ces', () => {
  it('counts the best answers of the scale as satisfied, with Wilson’s interval', async () => {
    const survey = `satisfied\n${answered({ '5': 40, '4': 41, '3': 10, '1': 9 })}\n`;
    const { all } = (await computed(['models', 'csat', '--score', 'satisfied'], survey)) as unknown as { all: { share: number; lower: number; upper: number } };
    expect(all.share).toBeCloseTo(0.81, 12);
    expect([all.lower, all.upper]).toEqual([expect.closeTo(0.7222, 4), expect.closeTo(0.8749, 4)]);
    const top = (await computed(['models', 'csat', '--score', 'satisfied', '--top-boxes', '1', '--interval', 'clopper-pearson'], survey)) as unknown as { all: { share: number; interval: string } };
    expect(top.all).toMatchObject({ share: 0.4, interval: 'clopper-pearson' });
    expect((await drawn(['models', 'csat', '--score', 'satisfied'], survey)).texts).toContain('Satisfaction of standard input');
  });
  it('takes the mean effort, and which end is easy', async () => {
    const survey = `effort,channel\n${answered({ '1': 6, '2': 4 }, 'web')}\n${answered({ '1': 1, '5': 9 }, 'phone')}\n`;
    const { all, groups } = (await computed(['models', 'ces', '--score', 'effort', '--by', 'channel', '--scale', '1-5', '--easy-end', 'low', '--top-boxes', '2'], survey)) as unknown as { all: { easy: { count: number } }; groups: { group: string; score: { mean: number } ; change: { estimate: number } | null }[] };
    expect(all.easy.count).toBe(11);
    expect(groups.map(({ group, score, change }) => [group, score.mean, change?.estimate])).toEqual([['phone', 4.6, undefined], ['web', 1.4, expect.closeTo(-3.2, 12)]]);
  });
  it.each<[string, string[], string, RegExp]>([
    ['a scale that is none', ['--scale', 'wide'], 'x\n1\n', /^touchstone: .*'wide' is invalid.*two whole numbers, such as 1-5/],
    ['an answer between two steps', [], 'x\n4.5\n', /line 2: x is 4\.5, and a whole number from 1 to 5 belongs there$/],
    ['more boxes than the scale has', ['--top-boxes', '9'], 'x\n4\n', /^touchstone: 9 top boxes on a scale from 1 to 5/],
  ])('refuses %s in one line with exit code 2', async (_, more, stdin, message) => {
    const [code, line] = await complaint(['models', 'csat', '--score', 'x', ...more], stdin);
    expect([code, message.test(line) ? 'as expected' : line]).toEqual([2, 'as expected']);
  });
});

describe('touchstone models triage', () => {
  const known = `text,what\n${[...Array<string>(6).fill('"the parcel came late, a week late",delivery'), ...Array<string>(6).fill('"the courier never came",delivery'), ...Array<string>(6).fill('"charged twice on my card",billing'), ...Array<string>(6).fill('"wrong amount charged",billing')].join('\n')}\n`;
  interface Triage {
    readonly accuracy: { readonly accuracy: number; readonly n: number };
    readonly sorted: { readonly decisions: readonly { place: string; category: string; knownWords: number; lead: { over: string; margin: number; base: number; words: readonly { word: string; contribution: number }[] } }[] } | null;
  }
  it('sorts other texts by the words of known ones, and says which words decided', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'triage-'));
    const inbox = join(folder, 'inbox.csv');
    await writeFile(inbox, 'text\nyou charged my card again\ncame late\nxyzzy\n');
    try {
      const { accuracy, sorted } = (await computed(['models', 'triage', '--text', 'text', '--category', 'what', '--sort', inbox], known)) as unknown as Triage;
      expect(accuracy).toMatchObject({ accuracy: 1, n: 24 });
      const [bill, late, unknown] = sorted?.decisions ?? [];
      expect([bill?.category, late?.category, bill?.place, unknown?.knownWords]).toEqual(['billing', 'delivery', 'line 2', 0]);
      expect(bill?.lead.words[0]?.word).toBe('charged');
      expect(bill?.lead.words.reduce((sum, { contribution }) => sum + contribution, bill.lead.base)).toBe(bill?.lead.margin);
      const { out } = await touchstone(['models', 'triage', '--text', 'text', '--category', 'what', '--sort', inbox, '--words', '2'], { stdin: known, columns: 80 });
      expect(out).toMatch(/line 2 +billing +\d+\.\d % +charged \+\d\.\d\d/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  it('tells consumer complaints apart far better than chance, from the file as it is published', async () => {
    const file = fileURLToPath(new URL('../../../../infra/datasets/complaints/cfpb_sample_by_category.json', import.meta.url));
    const { accuracy } = (await computed(['models', 'triage', file, '--text', 'text', '--category', 'expected_category'])) as unknown as Triage;
    expect(accuracy.n).toBe(220);
    expect(accuracy.accuracy).toBeGreaterThan(0.5);
  }, 60_000);
  it('refuses what it cannot read, in one line with exit code 2', async () => {
    expect(await complaint(['models', 'triage', '--text', 'words', '--category', 'what'], known)).toEqual([2, 'touchstone: standard input has no column words; it has text, what (or 1 to 2)']);
    expect(await complaint(['models', 'triage', '--text', 'text', '--category', 'what', '--sort', '-'], known)).toEqual([2, 'touchstone: only one of the two files can be standard input']);
    expect(await complaint(['models', 'triage', '--text', 'text', '--category', 'what'], 'text,what\na,b\n')).toEqual([2, expect.stringMatching(/^touchstone: /)]);
    const [code, line] = await complaint(['models', 'triage', '--text', 'text', '--category', 'what', 'nowhere.json']);
    expect([code, line.startsWith('touchstone: nowhere.json cannot be read: ')]).toEqual([2, true]);
  });
});
