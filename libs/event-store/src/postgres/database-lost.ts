/** Shutting down, connection exceptions, no connection left: PostgreSQL's error codes, appendix A. The rest are the socket's. */
const LOST = /^(57P0[123]|08\d{3}|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What pg says without a code. */
const LOST_IN_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/;

/** Whether an error, or what caused it, means that the database cannot be reached now; asking again later may succeed. */
export function isDatabaseLost(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, message, driverError, cause, errors } = error as Readonly<Record<string, unknown>>;
  if (typeof code === 'string' && LOST.test(code)) return true;
  if (typeof message === 'string' && LOST_IN_WORDS.test(message)) return true;
  return [driverError, cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].some((inner) => isDatabaseLost(inner, depth + 1));
}
