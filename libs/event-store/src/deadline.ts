import type pg from 'pg';
import type { Actor, Clock, Command, Instant, RecordedEvent } from '@touchstone/kernel';
import { derivedId, isMigrated } from '@touchstone/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Commands } from './handle-command.js';
import { pause } from './follower.js';
import type { Projection } from './projection.js';
import type { ServedModel } from './served-model.js';
import type { AnySlice } from './slice.js';

/** A command that is due, unless it is lifted before. */
export interface Due {
  readonly key: string;
  readonly dueAt: Instant;
  readonly command: Command;
}

/** Time acts only through commands: a deadline is set by one event, lifted by another, and sends a command when it is due. */
export interface Deadline {
  readonly name: string;
  readonly slice: AnySlice;
  /** Events that set it. One deadline a key: setting it again moves it. */
  readonly set: Readonly<Record<string, (event: RecordedEvent) => Due | readonly Due[] | undefined>>;
  /** Events that lift it, with the key they lift. */
  readonly lift?: Readonly<Record<string, (event: RecordedEvent) => string>>;
}

export const deadline = (definition: Deadline): Deadline => definition;

@Entity('deadline')
@Index(['dueAt'])
export class DeadlineRow {
  @PrimaryColumn('text') name!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text') dueAt!: string;
  @Column('uuid') id!: string;
  @Column('uuid') causationId!: string;
  @Column('uuid') correlationId!: string;
  @Column('jsonb') command!: unknown;
}

/** The read model of a service's deadlines. Migrated events arm none. */
export function deadlineProjection(deadlines: readonly Deadline[]): Projection {
  const on = deadlines.flatMap(({ set, lift = {} }) => [...Object.keys(set), ...Object.keys(lift)]);
  return {
    name: 'deadlines', version: 1, tables: [DeadlineRow], on: [...new Set(on)],
    apply: async (events, rows) => {
      const table = rows(DeadlineRow);
      for (const event of events) {
        for (const { name, set, lift } of deadlines) {
          const lifted = lift?.[event.type]?.(event);
          if (lifted !== undefined) table.remove({ name, key: lifted });
          for (const { key, dueAt, command } of isMigrated(event) ? [] : [set[event.type]?.(event) ?? []].flat()) {
            const id = derivedId('deadline', name, key, dueAt);
            table.put({ name, key, dueAt, id, causationId: event.id, correlationId: event.meta.correlationId, command: { ...command, type: command.type } });
          }
        }
      }
      await Promise.resolve();
    },
  };
}

const PAGE = 500;
const POLL_MS = 250;

/** Sends what is due. One a service; sending twice is harmless, because the command's id is derived from the deadline. */
export class DeadlinePoller {
  failure?: Error;
  private readonly byName: ReadonlyMap<string, Deadline>;
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(
    private readonly service: string, deadlines: readonly Deadline[], private readonly model: Pick<ServedModel, 'manager' | 'ready'>,
    private readonly pool: pg.Pool, private readonly commands: Commands, private readonly clock: Clock,
  ) {
    this.byName = new Map(deadlines.map((each) => [each.name, each]));
  }

  /** With a simulated clock the host calls `fire` when it has moved the clock; nothing polls. */
  start(): void {
    if (!this.clock.simulated) this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** The earliest instant at which something is due. */
  async next(): Promise<Instant | undefined> {
    const [row] = await this.open(1);
    return row?.dueAt;
  }

  /** Sends all that is due now; the number sent. None while the read model is behind: what was lifted long ago would look due. */
  async fire(): Promise<number> {
    if (!this.model.ready) return 0;
    const due = await this.open(PAGE, this.clock.now());
    const outcomes = await Promise.allSettled(due.map((row) => this.send(row)));
    const sent = due.filter((_, index) => outcomes[index]?.status === 'fulfilled').map(({ id }) => id);
    if (sent.length > 0) await this.pool.query('insert into deadline_sent select * from unnest($1::uuid[]) on conflict do nothing', [sent]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason; // the others are noted as sent: one that fails does not hold them up
    return due.length;
  }

  private async open(limit: number, until?: Instant): Promise<DeadlineRow[]> {
    const query = this.model.manager.createQueryBuilder(DeadlineRow, 'd')
      .where('not exists (select from public.deadline_sent s where s.id = d.id)')
      .orderBy('d.dueAt').addOrderBy('d.name').addOrderBy('d.key').limit(limit);
    return (until === undefined ? query : query.andWhere('d.dueAt <= :until', { until })).getMany();
  }

  private async send({ name, id, causationId, correlationId, command, dueAt }: DeadlineRow): Promise<void> {
    const known = this.byName.get(name);
    const type = (command as Command).type;
    const commandClass = known?.slice.commands[type];
    if (!known || !commandClass) throw new Error(`deadline ${name} sends ${type}, which nobody takes any more`);
    const actor: Actor = { id: `system:${this.service}:${name}`, roles: ['system'] };
    const now = this.clock.now();
    await this.commands.handle(known.slice, Object.assign(new commandClass(), command), {
      commandId: id, actor, causationId, correlationId, occurredAt: dueAt < now ? dueAt : now,
    });
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const sent = await this.fire();
        this.failure = undefined;
        if (sent < PAGE) await pause(POLL_MS, signal);
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(String(error));
        await pause(1_000, signal);
      }
    }
  }
}
