// A slice as small as can be, for the specs of the platform: parcels are registered and weighed.
import { Controller, Get, Query } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Clock, Decider, Decimal, DomainEvent } from '@touchstone/kernel';
import { greater, plus, refuse, systemClock } from '@touchstone/kernel';
import { Commands, migrate, Personal, projection, Runtime, slice } from '@touchstone/event-store';
import { startLocalPostgres } from '@touchstone/event-store/local';
import type { Transport } from '@touchstone/messaging';
import type { Asked, LocalIssuer, Paged, RunningService, ServiceDefinition } from './index.js';
import { AskedFor, CodeField, createService, localIssuer, page, Page, Quantity, Requires, Takes, TextField, Uuid } from './index.js';

export class RegisterParcel {
  readonly type = 'RegisterParcel';
  @Uuid() parcelId!: string;
  @Quantity({ description: 'in unit' }) weight!: Decimal;
  @CodeField() unit!: string;
  @Personal('parcelId') @TextField({ optional: true }) note?: string;
}

export class WeighParcel {
  readonly type = 'WeighParcel';
  @Uuid() parcelId!: string;
  @Quantity() weight!: Decimal;
}

export type ParcelEvent =
  | DomainEvent<'depot.ParcelRegistered.v1', { parcelId: string; weight: Decimal; unit: string; note?: string }>
  | DomainEvent<'depot.ParcelWeighed.v1', { parcelId: string; weight: Decimal }>;

interface Parcel {
  readonly registered?: Decimal;
}

/** A parcel that is not registered cannot be weighed; a weight above twice the registered one is another parcel's. */
export const parcel: Decider<Parcel, RegisterParcel | WeighParcel, ParcelEvent> = {
  name: 'depot.parcel', version: 1,
  initialState: () => ({}),
  evolve: (state, { type, data }) => (type === 'depot.ParcelRegistered.v1' ? { registered: data.weight } : state),
  decide: ({ registered }, { type: _, ...fields }) => {
    if ('unit' in fields) return registered === undefined ? [{ type: 'depot.ParcelRegistered.v1', data: { ...fields } }] : refuse('PARCEL_EXISTS', { registered });
    if (registered === undefined) return refuse('PARCEL_UNKNOWN');
    if (greater(fields.weight, plus(registered, registered))) return refuse('WEIGHT_IMPLAUSIBLE', { registered, weighed: fields.weight });
    return [{ type: 'depot.ParcelWeighed.v1', data: { ...fields } }];
  },
};

export const parcels = slice<Parcel, RegisterParcel | WeighParcel, ParcelEvent, object>({
  decider: parcel, commands: { RegisterParcel, WeighParcel }, stream: ({ parcelId }) => `parcel-${parcelId}`,
  privateEvents: ['depot.ParcelRegistered.v1', 'depot.ParcelWeighed.v1'],
  personal: { 'depot.ParcelRegistered.v1': [{ path: 'note', subject: 'parcelId' }] },
});

@Entity('parcel')
export class ParcelRow {
  @PrimaryColumn('text') parcelId!: string;
  @Column('text') weight!: string;
}

export const parcelList = projection({
  name: 'parcel-list', version: 1, tables: [ParcelRow], on: ['depot.ParcelRegistered.v1', 'depot.ParcelWeighed.v1'],
  apply: (events, rows) => {
    for (const { data } of events as readonly { data: ParcelRow }[]) rows(ParcelRow).put({ parcelId: data.parcelId, weight: data.weight });
    return Promise.resolve();
  },
});

@Controller('parcels')
class ParcelsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(RegisterParcel, '', 'lot.register')
  register(@AskedFor(RegisterParcel) { command, context }: Asked<RegisterParcel>) {
    return this.commands.handle(parcels, command, context);
  }

  @Takes(WeighParcel, ':parcelId/weighings', 'lot.weigh')
  weigh(@AskedFor(WeighParcel) { command, context }: Asked<WeighParcel>) {
    return this.commands.handle(parcels, command, context);
  }

  @Get() @Requires('lot.read')
  list(@Query() asked: Page): Promise<Paged<ParcelRow>> {
    return page(this.runtime.query(parcelList), ParcelRow, 'parcelId', asked);
  }

  @Get('unmarked')
  unmarked(): string {
    return 'nobody said who may read this';
  }

  @Get('broken') @Requires('lot.read')
  broken(): never {
    throw new Error('password=hunter2 at /etc/secret');
  }

  private get commands(): Commands {
    return this.runtime.commands;
  }
}
Reflect.defineMetadata('design:paramtypes', [Runtime], ParcelsController);

export const depot: ServiceDefinition = { name: 'depot', listensTo: [], slices: [{ slice: parcels, projections: [parcelList], controllers: [ParcelsController] }] };

export interface Running extends RunningService {
  readonly address: string;
  /** Lines that were logged. */
  readonly logged: string[];
  readonly issuer: LocalIssuer;
  /** `Authorization` of somebody with this role. */
  as(role: string, id?: string, name?: string): Promise<Record<string, string>>;
}

export interface Depot {
  run(definition?: ServiceDefinition, options?: { transport?: Transport; clock?: Clock; attachOnly?: boolean; requestsPerMinute?: number }): Promise<Running>;
  /** Takes the database from under the services that run. */
  loseDatabase(): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL on which services of a spec run, each on a log of its own. */
export async function openDepot(): Promise<Depot> {
  const dataDir = mkdtempSync(join(tmpdir(), 'touchstone-platform-'));
  const postgres = await startLocalPostgres({ dataDir, fsync: false });
  const issuer = await localIssuer(join(dataDir, 'issuer.pem'));
  const running: RunningService[] = [];
  return {
    run: async (definition = depot, { transport, clock = systemClock, attachOnly = false, requestsPerMinute } = {}) => {
      const database = `${definition.name}_${randomBytes(4).toString('hex')}`;
      const databaseUrl = await postgres.createDatabase(database, 'secret');
      await migrate({ ownerUrl: postgres.ownerUrl(database), applicationRole: `${database}_app`, logId: `${definition.name}:test:1` });
      const logged: string[] = [];
      const log = pino({ level: 'warn' }, new PassThrough().on('data', (line: Buffer) => logged.push(line.toString('utf8'))));
      const service = await createService(definition, { databaseUrl, masterKey: randomBytes(32), clock, verify: issuer.verify, log, transport, requestsPerMinute });
      running.push(service);
      await service.app.startAllMicroservices();
      await service.app.listen(0, '127.0.0.1');
      if (!attachOnly) await service.start();
      const as = async (role: string, id = `${role}-1`, name?: string) => ({ authorization: `Bearer ${await issuer.issue({ id, name, roles: [role] })}` });
      return { ...service, address: await service.app.getUrl(), logged, issuer, as };
    },
    loseDatabase: () => postgres.stop(),
    stop: async () => {
      for (const service of running.reverse()) await service.stop().catch(() => undefined); // a spec may have stopped it
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
