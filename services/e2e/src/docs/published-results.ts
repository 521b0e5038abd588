// The pages of published results: what the specs of the mathematics hold each method to, written out with what we obtain.
import { references as ofLoyalty } from '@touchstone/loyalty/references';
import { references as ofStatistics } from '@touchstone/statistics/references';
import type { ReferenceCase, ReferencedMethod, ReferenceSection } from '@touchstone/statistics/references';
import { table } from './markdown.js';
import { read } from './repository.js';

export const statisticsResults = (): string => sections(ofStatistics, 'libs/statistics/src/fixtures');
export const loyaltyResults = (): string => sections(ofLoyalty, 'libs/loyalty/src/fixtures');

const sections = (all: readonly ReferenceSection[], fixtures: string): string =>
  all.map(({ title, methods }) => `## ${title}\n\n${methods((name) => read(`${fixtures}/${name}`)).map(section).join('\n\n')}`).join('\n\n');

const section = ({ name, formula, source, cases }: ReferencedMethod): string =>
  `### ${plain(name)}\n\n- Formula: ${plain(formula)}\n- Source: ${plain(source)}\n\n${table(['what', 'published', 'ours', 'difference', 'taken as equal up to'], cases.map(row))}`;

function row({ quantity, published, ours, tolerance }: ReferenceCase): string[] {
  const own = ours();
  const difference = Math.abs(own - published);
  return [plain(quantity), String(published), shortened(own), difference === 0 ? '0' : difference.toExponential(1), tolerance === 0 ? '0' : tolerance.toExponential(0)];
}

/** Twelve significant digits: more than any source prints but the certified ones, whose difference stands beside it. */
const shortened = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12))));

/** Texts of the libraries are plain; what markdown would take for markup is not. */
const plain = (text: string): string => text.replaceAll(/([\\`*_|<>[\]])/g, '\\$1').replaceAll('\n', ' ');
