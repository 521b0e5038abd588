/**
 * The two services that chaos over Kafka is let loose on. Pressing stamps parts and says so; inspecting takes that in, inspects
 * each part once and says so, which pressing takes in again: so each is producer and consumer. It guards what delivery alone does
 * not show: each event names the one before it on its stream, and a part that is flawed cannot be taken in by anybody.
 */
import type { Decider, DomainEvent, RecordedEvent } from '@touchstone/kernel';
import type { Projection, PublicEvents, Reaction } from '@touchstone/event-store';
import { projection, reaction, slice } from '@touchstone/event-store';
import type { AnySlice } from '@touchstone/event-store';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const STAMPED = 'pressing.PartStamped.v1';
const OILED = 'pressing.PressOiled.v1';
export const INSPECTED = 'inspecting.PartInspected.v1';

/** `part` is unique over all logs; `flawed` ones break the contract as their consumer knows it. */
export interface Stamped {
  readonly pressId: string;
  readonly part: string;
  readonly after: string;
  readonly flawed: boolean;
}
export interface Inspected {
  readonly pressId: string;
  readonly part: string;
  /** Id of the event that says that it was stamped. */
  readonly of: string;
}

type PressEvent = DomainEvent<typeof STAMPED, Stamped> | DomainEvent<typeof OILED, { readonly pressId: string }>;
type InspectionEvent = DomainEvent<typeof INSPECTED, Inspected>;

export class StampPart {
  readonly type = 'StampPart';
  /** `oiled`: the press is oiled afterwards, which nobody outside is told. */
  constructor(readonly pressId = '', readonly part = '', readonly flawed = false, readonly oiled = false) {}
}
export class InspectPart {
  readonly type = 'InspectPart';
  constructor(readonly pressId = '', readonly part = '', readonly of = '') {}
}

const press: Decider<{ readonly last: string }, StampPart, PressEvent> = {
  name: 'pressing.press', version: 1, initialState: () => ({ last: '' }),
  evolve: ({ last }, event) => ({ last: event.type === STAMPED ? event.data.part : last }),
  decide: ({ last }, { pressId, part, flawed, oiled }) => [
    { type: STAMPED, data: { pressId, part, after: last, flawed } }, ...(oiled ? [{ type: OILED, data: { pressId } } as const] : []),
  ],
};
const inspection: Decider<{ readonly count: number }, InspectPart, InspectionEvent> = {
  name: 'inspecting.inspection', version: 1, initialState: () => ({ count: 0 }),
  evolve: ({ count }) => ({ count: count + 1 }),
  decide: (_, { pressId, part, of }) => [{ type: INSPECTED, data: { pressId, part, of } }],
};

export const presses = slice({ decider: press, commands: { StampPart }, stream: ({ pressId }) => `press-${pressId}`, privateEvents: [OILED] });
const inspections = slice({ decider: inspection, commands: { InspectPart }, stream: ({ pressId }) => `inspection-${pressId}`, privateEvents: [] });

const inspectStamped = reaction({
  name: 'inspect-stamped', on: [STAMPED],
  send: (event) => {
    const { pressId, part } = event.data as Stamped;
    return [{ slice: inspections, command: new InspectPart(pressId, part, event.id) }];
  },
});

@Entity('part')
export class PartRow {
  @PrimaryColumn('text') part!: string;
  @Column('text') pressId!: string;
  /** How often its event was applied; the part that came before it on the press as this service saw them. */
  @Column('int') times!: number;
  @Column('text') behind!: string;
}

@Entity('press')
export class PressRow {
  @PrimaryColumn('text') pressId!: string;
  @Column('text') last!: string;
  @Column('int') parts!: number;
}

/** A row a part and a row a press: an event that is applied twice, never or in another order shows in them. */
const parts = (name: string, on: string): Projection => projection({
  name, version: 1, tables: [PartRow, PressRow], on: [on],
  apply: async (events, rows) => {
    const [partRows, pressRows] = [rows(PartRow), rows(PressRow)];
    const all = events as readonly (RecordedEvent & { data: { part: string; pressId: string } })[];
    await partRows.load(all.map(({ data: { part } }) => ({ part })));
    await pressRows.load(all.map(({ data: { pressId } }) => ({ pressId })));
    for (const { data: { part, pressId } } of all) {
      const row = pressRows.get({ pressId }) ?? { pressId, last: '', parts: 0 };
      partRows.put({ part, pressId, times: (partRows.get({ part })?.times ?? 0) + 1, behind: row.last });
      pressRows.put({ pressId, last: part, parts: row.parts + 1 });
    }
  },
});

export const services = ['pressing', 'inspecting'] as const;
export type Service = (typeof services)[number];

export interface ServiceParts {
  readonly slices: readonly AnySlice[];
  readonly projections: readonly Projection[];
  readonly reactions: readonly Reaction[];
  readonly listensTo: readonly string[];
  readonly publicTypes: readonly string[];
}

export const partsOf: Readonly<Record<Service, ServiceParts>> = {
  pressing: { slices: [presses], projections: [parts('inspected-parts', INSPECTED)], reactions: [], listensTo: ['inspecting/inspection'], publicTypes: [STAMPED] },
  inspecting: { slices: [inspections], projections: [parts('stamped-parts', STAMPED)], reactions: [inspectStamped], listensTo: ['pressing/press'], publicTypes: [INSPECTED] },
};

export const otherOf = (service: Service): Service => (service === 'pressing' ? 'inspecting' : 'pressing');

export const partContracts: PublicEvents = {
  events: [{ type: STAMPED }, { type: INSPECTED }], upcasters: [], isPublic: (type) => type === STAMPED || type === INSPECTED, isWritten: () => true, personalFields: () => [],
  check: () => undefined,
};

/** What consumers hold what they are told to. */
export function checkTaken({ data }: DomainEvent): void {
  if ((data as Partial<Stamped>).flawed === true) throw new Error('a flawed part breaks the contract');
}
