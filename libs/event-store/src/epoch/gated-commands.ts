import type { Command } from '@touchstone/kernel';
import type { Answer } from '../answer.js';
import type { CommandContext, CommandsOptions } from '../handle-command.js';
import { Commands } from '../handle-command.js';
import type { AnySlice } from '../slice.js';
import type { LogGate } from './log-gate.js';

/** Commands that are decided only while the log is known to be whole; at any time, where nobody keeps the gate. */
export class GatedCommands extends Commands {
  constructor(options: CommandsOptions, private readonly gate?: LogGate) {
    super(options);
  }

  /** Throws, besides what commands throw, {@link LogRestored}. */
  override async handle(slice: AnySlice, command: Command, context: CommandContext): Promise<Answer> {
    const leave = await this.gate?.enter();
    try {
      return await super.handle(slice, command, context);
    } finally {
      leave?.();
    }
  }
}
