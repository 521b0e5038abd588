import { arch, availableParallelism, cpus, totalmem, type } from 'node:os';

/** On what it was measured. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
}

export const machine = (): Machine => ({
  system: `${type()} ${arch()}`, processor: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
});
