import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A file of JSON lines that a SIGKILL cannot take: each entry is with the kernel before anything follows from it. */
export class JournalFile<Entry> {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'a');
  }

  readonly keep = (entry: Entry): void => void writeSync(this.file, `${JSON.stringify(entry)}\n`);

  close(): void {
    closeSync(this.file);
  }
}

/** What a process has kept. The last line may be cut off by its end: then it was not kept. */
export function readJournal<Entry>(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}

let last = 0;

/** A moment on the clock that all processes of a machine share, in nanoseconds; later at each call. */
export function sharedMoment(): number {
  last = Math.max(last + 1, Number(process.hrtime.bigint()));
  return last;
}
