// The record of releases: one line of canonical JSON for each version, later samples, and notice that were released, with its
// hash. It only grows, so that an older record is the beginning of every later one.
import { canonicalize, sha256Hex } from '@touchstone/ledger';
import type { Finding, Release } from '@touchstone/contracts/compatibility';

export const lineOf = (release: Release): string => canonicalize({ ...release, sha256: hashOf(release) });

const hashOf = (release: object): string => sha256Hex(canonicalize(release));

/** The lines of a record, and what is wrong with them. `older`: a record that this one must begin with. */
export function readReleases(text: string, older = ''): { readonly releases: readonly Release[]; readonly findings: readonly Finding[] } {
  const lines = text.split('\n').filter((line) => line !== '');
  const read = lines.map((line) => readLine(line));
  const before = older.split('\n').filter((line) => line !== '');
  const moved = before.flatMap((line, index) => (line === lines[index] ? [] : [edited(index, 'is not what the older record has there')]));
  return {
    releases: read.flatMap((each) => each ?? []),
    findings: [...read.flatMap((each, index) => (each ? [] : [edited(index, 'has not the hash it was released with')])), ...moved],
  };
}

function readLine(line: string): Release | undefined {
  try {
    const { sha256, ...release } = JSON.parse(line) as Release & { readonly sha256: string };
    return sha256 === hashOf(release) ? (release as Release) : undefined;
  } catch {
    return undefined;
  }
}

const edited = (index: number, message: string): Finding => ({ rule: 'RELEASE_RECORD_EDITED', of: `line ${index + 1}`, at: '', message: `line ${index + 1} ${message}` });
