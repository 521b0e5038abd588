/** Progress on stderr: one line that is redrawn on a terminal, a line every two seconds elsewhere. */
export class DemoProgress {
  private last = 0;

  constructor(private readonly began = performance.now(), private readonly out: NodeJS.WriteStream = process.stderr) {}

  say(what: string): void {
    this.write(what, true);
  }

  step(share: number, what: string): void {
    const filled = Math.round(share * 24);
    this.write(`${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${String(Math.round(share * 100)).padStart(3)} %  ${what}`, share === 1);
  }

  private write(text: string, always: boolean): void {
    const now = performance.now();
    if (!always && now - this.last < (this.out.isTTY ? 100 : 2_000)) return;
    this.last = now;
    const line = `${((now - this.began) / 1_000).toFixed(1).padStart(5)} s  ${text}`;
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${line}${always ? '\n' : ''}`);
    else this.out.write(`${line}\n`);
  }
}
