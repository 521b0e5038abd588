import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { CodedError, isDatabaseLost, NotKnownYet, StoreBusy } from '@touchstone/event-store';
import { RateLimited } from './rate.js';

/** A problem document (RFC 9457). `code` is stable; `detail` says what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [member: string]: unknown;
}

export const problem = (status: number, code: string, detail: string, members: object = {}): Problem => ({
  type: `urn:touchstone:problem:${code.toLowerCase().replaceAll('_', '-')}`, title: code.replaceAll('_', ' ').toLowerCase(), status, code, detail, ...members,
});

export class Forbidden extends CodedError {
  readonly code = 'FORBIDDEN';
  readonly status = 403;
}

export class NotFound extends CodedError {
  readonly code = 'NOT_FOUND';
  readonly status = 404;
}

export class NotReachedYet extends CodedError {
  readonly code = 'POSITION_NOT_REACHED';
  readonly status = 503;
}

export class BadRequest extends CodedError {
  readonly status = 400;
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

const byParserType: Readonly<Record<string, [number, string, string]>> = {
  'entity.too.large': [413, 'BODY_TOO_LARGE', 'a body may have at most 256 KiB: send many records through the bulk interface'],
  'entity.parse.failed': [400, 'INVALID_JSON', 'the body is not JSON'],
  'entity.verify.failed': [400, 'INVALID_UTF8', 'the body is not UTF-8'],
  'encoding.unsupported': [415, 'ENCODING_UNSUPPORTED', 'send the body plain or gzip'],
  'charset.unsupported': [415, 'CHARSET_UNSUPPORTED', 'send the body as UTF-8'],
};

/** The problem for any error; what is unforeseen is 500 without its inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CodedError) return problem(error.status, error.code, error.message, error.details);
  if (error instanceof StoreBusy) return problem(503, error.code, 'too much is being written: try again later');
  if (error instanceof NotKnownYet) return problem(503, error.code, error.message);
  if (isDatabaseLost(error)) return problem(503, 'DATABASE_UNREACHABLE', 'the service cannot reach its database: try again, with the same Idempotency-Key');
  const parser = byParserType[parserType(error)];
  if (parser) return problem(...parser);
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return problem(status, status === 404 ? 'NOT_FOUND' : `HTTP_${status}`, error.message);
  }
  return problem(500, 'INTERNAL_ERROR', 'something unforeseen happened; it was logged under this requestId');
}

/** Nest wraps what the body's parser threw. */
const parserType = (error: unknown): string => {
  const { type, cause } = (error ?? {}) as { type?: unknown; cause?: { type?: unknown } };
  return String(type ?? cause?.type ?? '');
};

/** Last resort of every route: each error leaves as a problem document, and what is unforeseen is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const request = http.getRequest<Request>();
    const known = problemOf(error);
    const answer = known.status === 500 ? { ...known, requestId: randomUUID() } : known;
    if (answer.status >= 500) this.log.error({ err: error, requestId: answer['requestId'], method: request.method, path: request.path }, 'request failed');
    else this.log.debug({ code: answer.code, method: request.method, path: request.path }, 'request refused');
    if (error instanceof RateLimited) response.header('Retry-After', String(error.retryAfterSeconds));
    if (response.headersSent) response.end();
    else response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  }
}
