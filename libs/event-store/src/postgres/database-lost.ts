/** Shutting down, connection exceptions, no connection left: PostgreSQL's error codes, appendix A. The rest are the socket's. */
const LOST = /^(57P0[123]|08\d{3}|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What pg says without a code. */
const LOST_IN_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error)/;

/** Also: out of room or memory, a lock not had, a transaction to be repeated, a fault of the system below. */
const PASSING = /^(53|57|58|40)|^55P03$|^(APPEND_OUTCOME_UNKNOWN|STORE_BUSY|STREAM_BUSY|CONFLICT|NOT_KNOWN_YET)$/;

/** Whether an error says something about the state of the system, and nothing about what was asked: it is no reason to put that aside. */
export const isPassing = (error: unknown): boolean =>
  isDatabaseLost(error) || (error instanceof Error && [error, error.cause].some((each) => PASSING.test(String((each as { code?: unknown } | undefined)?.code))));

/** Whether an error, or what caused it, means that the database cannot be reached now; asking again later may succeed. */
export function isDatabaseLost(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const { code, message, driverError, cause, errors } = error as Readonly<Record<string, unknown>>;
  if (typeof code === 'string' && LOST.test(code)) return true;
  if (typeof message === 'string' && LOST_IN_WORDS.test(message)) return true;
  return [driverError, cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].some((inner) => isDatabaseLost(inner, depth + 1));
}
