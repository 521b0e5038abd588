import type pg from 'pg';

/** A command as another system put it on a topic: a CloudEvent in binary mode. */
export interface InboundRecord {
  /** Names the partition; with `offset` it names the record. */
  readonly lane: string;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record of the reply topic. */
export interface InboundAnswer {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Who answers commands, and knows how far that was done. */
export interface InboundDesk {
  /** Rejects when the reason is none of the sender's: it is asked again, before anything that comes behind it in its partition. */
  answer(record: InboundRecord): Promise<InboundAnswer>;
  /** The offset that comes next; 0 at first. */
  place(lane: string): Promise<number>;
  note(lane: string, next: number): Promise<void>;
}

/** Commands coming in over a transport. */
export interface InboundLine {
  /** Why nothing is answered at present. */
  readonly failure?: Error;
  start(): void;
  /** Resolves when what is in hand is answered. */
  stop(): Promise<void>;
}

export const inboundTopicOf = (service: string): string => `inbound.${service}.commands.v1`;
export const replyTopicOf = (service: string): string => `inbound.${service}.replies.v1`;

/** Where a service stands on its inbound topic: beside its log, so that a database that is put back asks again for what it lost. */
export const inboundPlaces = (pool: pg.Pool): Pick<InboundDesk, 'place' | 'note'> => ({
  place: async (lane) => {
    const { rows } = await pool.query<{ seq: number }>('select seq from checkpoint where name = $1', [`inbound:${lane}`]);
    return rows[0]?.seq ?? 0;
  },
  note: async (lane, next) => {
    await pool.query('insert into checkpoint values ($1, $2) on conflict (name) do update set seq = excluded.seq', [`inbound:${lane}`, next]);
  },
});
