import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Writable } from 'node:stream';

/** Structured logs on stderr (unless a spec reads them), so that stdout stays for what a command prints. Tokens and bodies are never logged. */
export const openLog = (level = 'info', to: Writable | ReturnType<typeof pino.destination> = pino.destination({ fd: 2, sync: true })): Logger =>
  pino({ level, base: undefined, redact: ['req.headers.authorization', '*.token', '*.password'] }, to);

/** Nest's own messages through pino; its start-up chatter only at debug. */
export const nestLogger = (log: Logger): LoggerService => ({
  log: (message: unknown) => log.debug(String(message)),
  error: (message: unknown, ...more: unknown[]) => log.error({ more }, String(message)),
  warn: (message: unknown) => log.warn(String(message)),
  debug: (message: unknown) => log.trace(String(message)),
  verbose: (message: unknown) => log.trace(String(message)),
});
