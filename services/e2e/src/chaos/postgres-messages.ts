import type { Protocol } from './door.js';

/** The texts of the statements that a client asks for, read off its half of a line (PostgreSQL documentation, chapter "Frontend/Backend Protocol"). */
export class FrontendMessages {
  private readonly named = new Map<string, string>();
  private rest: Buffer = Buffer.alloc(0);
  private begun = false;

  /** The statements that are bound or asked for in this piece; whole messages only, the rest waits for the next piece. */
  read(data: Buffer): string[] {
    this.rest = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    const texts: string[] = [];
    for (;;) {
      const header = this.begun ? 1 : 0; // the first message has no type
      if (this.rest.length < header + 4) break;
      const length = header + this.rest.readInt32BE(header);
      if (this.rest.length < length) break;
      const message = this.rest.subarray(0, length);
      if (this.begun) this.take(message, texts);
      this.begun = true;
      this.rest = this.rest.subarray(length);
    }
    return texts;
  }

  private take(message: Buffer, texts: string[]): void {
    const [kind] = message.toString('latin1', 0, 1);
    if (kind === 'Q') texts.push(textAt(message, 5).text);
    else if (kind === 'P') {
      const name = textAt(message, 5);
      this.named.set(name.text, textAt(message, name.end).text);
    } else if (kind === 'B') {
      const portal = textAt(message, 5);
      texts.push(this.named.get(textAt(message, portal.end).text) ?? '');
    }
  }
}

function textAt(message: Buffer, from: number): { text: string; end: number } {
  const end = message.indexOf(0, from);
  return { text: message.toString('utf8', from, end), end: end + 1 };
}

/** Whether what a server sent ends with "ready for the next query": type Z, six bytes in all. */
export const isAnswerComplete = (answer: Buffer): boolean =>
  answer.length >= 6 && answer[answer.length - 6] === 0x5a && answer.readInt32BE(answer.length - 5) === 5;

export const postgresProtocol: Protocol = { requests: () => new FrontendMessages(), isAnswerComplete };
