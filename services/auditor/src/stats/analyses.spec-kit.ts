import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { touchstone } from '../canned.spec-kit.js';
import type { Said } from '../canned.spec-kit.js';

/** A data set that the product ships, by its path below infra/datasets. */
export const dataset = (path: string): string => readFileSync(new URL(`../../../../infra/datasets/${path}`, import.meta.url), 'utf8');

/** What `--json` prints for a command on a text, after it was found valid by the schema that `--schema` prints. */
export async function computed(command: readonly string[], stdin = ''): Promise<Record<string, never>> {
  const { code, out, err } = await touchstone(['--json', ...command], { stdin });
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
  const result = JSON.parse(out) as Record<string, never>;
  const schema = JSON.parse((await touchstone([...command.slice(0, 2), '--schema'])).out) as object;
  const ajv = new Ajv.default({ strict: false });
  if (!ajv.validate(schema, result)) throw new Error(ajv.errorsText());
  return result;
}

/** The chart that `--svg -` prints; its texts in order. */
export async function drawn(command: readonly string[], stdin = ''): Promise<{ svg: string; texts: string[] }> {
  const { code, out: svg, err } = await touchstone([...command, '--svg', '-'], { stdin });
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
  return { svg, texts: [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text) };
}

/** What a command says of input it cannot take: exit code, and the one line on standard error. */
export async function complaint(command: readonly string[], stdin = ''): Promise<[Said['code'], string]> {
  const { code, out, err } = await touchstone(command, { stdin });
  if (out !== '') throw new Error(`it printed a result: ${out.slice(0, 200)}`);
  if (err.trimEnd().includes('\n')) throw new Error(`more than one line: ${err}`);
  return [code, err.trimEnd()];
}
