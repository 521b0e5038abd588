import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { bodyOf, GAUGE_READ, metaText } from '../sample-event.js';

/** What a team would write without an event store: the log's own columns and indexes, numbered by a sequence. */
export const plainTable = (role: string): string => `
create table plain_event (like event including indexes);
alter table plain_event alter seq add generated always as identity;
grant select, insert on plain_event to ${role}`;

const COLUMNS = 'id, stream, version, type, causation_id, correlation_id, body, meta';

export interface PlainRow {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly cause: string;
  readonly body: string;
  readonly meta: string;
}

export function plainRow(stream: string, version: number, cause = randomUUID()): PlainRow {
  return { id: randomUUID(), stream, version, cause, body: bodyOf(version), meta: metaText(cause) };
}

export const connected = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

/** A transaction of its own, by a prepared statement. */
export const insertOne = ({ id, stream, version, cause, body, meta }: PlainRow): pg.QueryConfig => ({
  name: 'plain-one', text: `insert into plain_event (${COLUMNS}) values ($1, $2, $3, $4, $5, $5, $6, $7)`,
  values: [id, stream, version, GAUGE_READ, cause, body, meta],
});

/** One transaction for all of them. */
export const insertMany = (rows: readonly PlainRow[]): pg.QueryConfig => ({
  name: 'plain-many',
  text: `insert into plain_event (${COLUMNS}) select id, stream, version, $7, cause, cause, body, meta
    from unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::text[], $6::text[]) as t (id, stream, version, cause, body, meta)`,
  values: [
    rows.map(({ id }) => id), rows.map(({ stream }) => stream), rows.map(({ version }) => version), rows.map(({ cause }) => cause),
    rows.map(({ body }) => body), rows.map(({ meta }) => meta), GAUGE_READ,
  ],
});

/** One COPY for all of them, its data in one message. */
export const copyMany = (client: pg.ClientBase, rows: readonly PlainRow[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const data = rows.map((row) => copyLine([row.id, row.stream, String(row.version), GAUGE_READ, row.cause, row.cause, row.body, row.meta])).join('');
    client.query(new CopyIn(`copy plain_event (${COLUMNS}) from stdin`, data, (error) => (error ? reject(error) : resolve())));
  });

/** A row in the text format of COPY: fields end with tabs, and backslash, tab and line ends within them are escaped. */
export const copyLine = (fields: readonly string[]): string => `${fields.map(escaped).join('\t')}\n`;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (field: string): string => field.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);

/** What pg's connection offers for COPY, which its types do not tell. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** pg runs whatever can be submitted; its own query answers a COPY with a refusal. */
class CopyIn implements pg.Submittable {
  private error?: Error;

  constructor(private readonly text: string, private readonly data: string, private readonly done: (error?: Error) => void) {}

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.text);
  }
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(Buffer.from(this.data, 'utf8'));
    connection.endCopyFrom();
  }
  handleCommandComplete(): void {
    // the next message ends it
  }
  handleError(error: Error): void {
    this.error = error;
    this.done(error); // pg itself sees to the rest of the exchange
  }
  handleReadyForQuery(): void {
    if (!this.error) this.done();
  }
}
