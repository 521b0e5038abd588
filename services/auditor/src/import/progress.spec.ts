import { Progress } from './progress.js';

describe('progress', () => {
  function shown(isTTY: boolean, totalBytes: number | undefined): string[] {
    const written: string[] = [];
    let nowMs = 0;
    const progress = new Progress({ isTTY, write: (text) => written.push(text) }, totalBytes, () => nowMs);
    for (nowMs = 0; nowMs <= 4_000; nowMs += 1_000) progress.at(nowMs, nowMs);
    progress.end();
    return written;
  }

  it('writes a line every two seconds where nobody watches', () => {
    expect(shown(false, 8_000)).toEqual(['2,000 rows, 1,000 rows/s, 25 %, 6 s left\n', '4,000 rows, 1,000 rows/s, 50 %, 4 s left\n']);
  });

  it('redraws a bar on a terminal and takes it away at the end', () => {
    const written = shown(true, 8_000);
    expect(written).toHaveLength(5);
    expect(written[3]).toBe('\r\u001b[2K[============            ] 4,000 rows, 1,000 rows/s, 50 %, 4 s left');
    expect(written[4]).toBe('\r\u001b[2K');
  });

  it('promises no time left where the length of the source is unknown', () => {
    expect(shown(false, undefined)[0]).toBe('2,000 rows, 1,000 rows/s\n');
  });
});
