import pg from 'pg';

/** How far a topic has been published: up to this `seq` of the log, when so many records were on the topic. */
export interface Published {
  readonly seq: number;
  readonly records: number;
}

/** The right to publish to a topic, and how far it was done. One process at a time has it. */
export interface RelayLease {
  /** Takes the lease, or finds that we have it. Throws {@link LeaseHeld} while another process has it. */
  acquire(): Promise<Published>;
  /** Throws when the lease is no longer ours: nothing may be sent any more. */
  confirm(): Promise<void>;
  /** Throws likewise, and notes nothing then. What a crash of the database may take is the last notes: then more is sent again. That all is to be sent again, it never takes. */
  note(published: Published): Promise<void>;
  release(): Promise<void>;
  /** Moves when it was lost although nobody asked for anything, e.g. since its session ended. */
  readonly losses: number;
}

/** Another process of the service publishes; this one stands by, and takes over when the other ends. */
export class LeaseHeld extends Error {
  readonly code = 'LEASE_HELD';
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A database that does not answer within it has us give the lease up. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * The lease is a session's advisory lock in the service's own database, so whoever dies loses it; all is asked and noted through
 * that same session, so whoever lost it cannot go on. What was in flight at that moment is sent again by the successor: each
 * sends a batch only after the one before was acknowledged, so the first copies on a topic keep their order whatever comes twice.
 */
export class PostgresLease implements RelayLease {
  losses = 0;
  private session?: Promise<pg.Client>;

  constructor(private readonly url: string, private readonly topic: string) {}

  async acquire(): Promise<Published> {
    return this.ask(async (client) => {
      const { rows } = await client.query<{ name: string; seq: string }>('select name, seq from checkpoint where name = any($1)', [[this.seqName, this.recordsName]]);
      const noted = (name: string) => Number(rows.find((row) => row.name === name)?.seq ?? 0);
      return { seq: noted(this.seqName), records: noted(this.recordsName) };
    });
  }

  async confirm(): Promise<void> {
    if (!this.session) throw new Error(`the lease on ${this.topic} was lost`);
    await this.ask((client) => client.query({ name: 'confirm', text: 'select' }));
  }

  async note({ seq, records }: Published): Promise<void> {
    if (!this.session) throw new Error(`the lease on ${this.topic} was lost`);
    await this.ask((client) => client.query({
      name: 'note', text: `with disk as (select set_config('synchronous_commit', case when $2::bigint > 0 then 'off' else 'on' end, true))
        insert into checkpoint select noted.* from disk, (values ($1, $2::bigint), ($3, $4::bigint)) noted on conflict (name) do update set seq = excluded.seq`,
      values: [this.seqName, seq, this.recordsName, records],
    }));
  }

  async release(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.then((client) => client.end()).catch(() => undefined);
  }

  private get seqName(): string {
    return `relay:${this.topic}`;
  }

  private get recordsName(): string {
    return `relay-records:${this.topic}`;
  }

  private async ask<T>(question: (client: pg.Client) => Promise<T>): Promise<T> {
    const session = (this.session ??= this.open());
    try {
      return await question(await session);
    } catch (error) {
      if (this.session === session) this.session = undefined;
      void session.then((client) => client.end()).catch(() => undefined);
      throw error;
    }
  }

  private open(): Promise<pg.Client> {
    const opened = this.connect(() => {
      if (this.session !== opened) return;
      this.session = undefined;
      this.losses += 1;
    });
    return opened;
  }

  private async connect(lost: () => void): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: ANSWER_TIMEOUT_MS, application_name: `relay ${this.topic}` });
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    const { rows } = await client.query<{ ours: boolean }>(`select pg_try_advisory_lock(hashtextextended('touchstone.relay:' || $1, 0)) as ours`, [this.topic]);
    if (rows[0]?.ours) return client;
    void client.end().catch(() => undefined);
    throw new LeaseHeld(`another process publishes to ${this.topic}`);
  }
}
