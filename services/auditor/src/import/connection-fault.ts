export type ConnectionFaultCode =
  | 'SERVER_UNREACHABLE'
  | 'REQUEST_REJECTED'
  | 'CONNECTION_LOST'
  | 'ANSWER_TIMEOUT'
  | 'ANSWER_UNREADABLE'
  | 'ANSWER_OUT_OF_ORDER'
  | 'STOPPED';

/** The server or the way to it failed. What was answered before stands; running the import again is safe. */
export class ConnectionFault extends Error {
  constructor(
    readonly code: ConnectionFaultCode,
    readonly detail: string,
    /** HTTP status, where the request was rejected as a whole. */
    readonly status?: number,
  ) {
    super(`${code}: ${detail}`);
  }
}
