/**
 * The service that chaos is let loose on: injection moulds that are registered, used, damaged, blocked and released. It guards
 * what the history of a log does not show: every event names the entry before it on its stream, and every fact names the entry
 * that was read, so that a decision taken on an event that no longer exists leaves a broken chain behind.
 */
import type { Decider, DomainEvent, Fact, Instant, RecordedEvent } from '@touchstone/kernel';
import { refuse, unreachable } from '@touchstone/kernel';
import type { PublicEvents } from '@touchstone/event-store';
import { deadline, pause, Personal, reaction, slice } from '@touchstone/event-store';
import { mouldList, MouldRow } from './mould-list.js';

/** `entry` is unique over the log; `after` is the entry before it on the stream, empty at its beginning. */
export interface Entry {
  readonly mouldId: string;
  readonly entry: string;
  readonly after: string;
}

export type MouldEvent =
  | DomainEvent<'moulding.MouldRegistered.v1', Entry & { serialNumber: string; dueAt?: Instant }>
  | DomainEvent<'moulding.MouldUsed.v1', Entry & { shots: number; personId: string; personName: string }>
  | DomainEvent<'moulding.MouldDamaged.v1', Entry>
  | DomainEvent<'moulding.MouldBlocked.v1', Entry & { reason: string }>
  | DomainEvent<'moulding.MouldReleased.v1', Entry>;

export const mouldEvents = ['moulding.MouldRegistered.v1', 'moulding.MouldUsed.v1', 'moulding.MouldDamaged.v1', 'moulding.MouldBlocked.v1', 'moulding.MouldReleased.v1'] as const;

export class RegisterMould {
  readonly type = 'RegisterMould';
  constructor(readonly mouldId = '', readonly entry = '', readonly serialNumber = '', readonly dueAt?: Instant) {}
}
export class UseMould {
  readonly type = 'UseMould';
  @Personal('personId') readonly personName: string;
  /** `beside` is another mould, whose newest entry becomes a fact of the decision; to look it up takes so long. */
  constructor(readonly mouldId = '', readonly entry = '', readonly shots = 0, readonly beside = '', readonly personId = '', personName = '', readonly lookUpMs = 0) {
    this.personName = personName;
  }
}
export class ReportDamage {
  readonly type = 'ReportDamage';
  constructor(readonly mouldId = '', readonly entry = '') {}
}
export class BlockMould {
  readonly type = 'BlockMould';
  /** `caused` when the read model must have seen the damage that led to it. */
  constructor(readonly mouldId = '', readonly entry = '', readonly reason = '', readonly caused = false) {}
}
export class ReleaseMould {
  readonly type = 'ReleaseMould';
  constructor(readonly mouldId = '', readonly entry = '') {}
}
export type MouldCommand = RegisterMould | UseMould | ReportDamage | BlockMould | ReleaseMould;

export interface Mould {
  readonly last: string;
  readonly blocked: boolean;
}

export interface MouldFacts {
  /** The newest entry of the mould beside it. */
  readonly beside?: Fact<string>;
  /** How often the read model knows the mould damaged. */
  readonly damaged?: Fact<number>;
}

export const mould: Decider<Mould, MouldCommand, MouldEvent, MouldFacts> = {
  name: 'moulding.mould',
  version: 1,
  initialState: () => ({ last: '', blocked: false }),
  evolve: ({ blocked }, { type, data }) => ({ last: data.entry, blocked: type === 'moulding.MouldBlocked.v1' || (blocked && type !== 'moulding.MouldReleased.v1') }),
  decide: ({ last, blocked }, command, facts) => {
    const { mouldId, entry } = command;
    const chained = { mouldId, entry, after: last };
    if (command.type === 'RegisterMould') {
      const { serialNumber, dueAt } = command;
      return last === '' ? [{ type: 'moulding.MouldRegistered.v1', data: { ...chained, serialNumber, ...(dueAt !== undefined && { dueAt }) } }] : refuse('MOULD_KNOWN', { last });
    }
    if (last === '') return refuse('MOULD_UNKNOWN', { last });
    switch (command.type) {
      case 'UseMould': {
        const { shots, personId, personName } = command;
        return blocked ? refuse('MOULD_BLOCKED', { last }) : [{ type: 'moulding.MouldUsed.v1', data: { ...chained, shots, personId, personName } }];
      }
      case 'ReportDamage': return [{ type: 'moulding.MouldDamaged.v1', data: chained }];
      case 'BlockMould':
        if (command.caused && (facts.damaged?.value ?? 0) === 0) return refuse('CAUSE_UNSEEN', { last });
        return blocked ? [] : [{ type: 'moulding.MouldBlocked.v1', data: { ...chained, reason: command.reason } }];
      case 'ReleaseMould': return blocked ? [{ type: 'moulding.MouldReleased.v1', data: chained }] : [];
      default: return unreachable(command);
    }
  },
};

const dataOf = (event: RecordedEvent) => event.data as Entry & { reason?: string; dueAt?: Instant };

export const moulds = slice({
  decider: mould,
  commands: { RegisterMould, UseMould, ReportDamage, BlockMould, ReleaseMould },
  stream: ({ mouldId }) => `mould-${mouldId}`,
  privateEvents: mouldEvents,
  personal: { 'moulding.MouldUsed.v1': [{ path: 'personName', subject: 'personId' }] },
  claims: (event) => (event.type === 'moulding.MouldRegistered.v1' ? [`serial:${event.data.serialNumber}`] : []),
  prepare: async (_, command, ports): Promise<MouldFacts> => {
    if (command.type === 'BlockMould' && command.caused) {
      const { mouldId } = command;
      return { damaged: await ports.ask(mouldList, async (manager) => (await manager.findOneBy(MouldRow, { mouldId }))?.damaged ?? 0) };
    }
    if (command.type !== 'UseMould') return {};
    const beside = command.beside === '' ? undefined : await ports.stream(`mould-${command.beside}`);
    const last = beside?.value.at(-1);
    if (command.lookUpMs > 0) await pause(command.lookUpMs);
    if (!beside) return {};
    return { beside: { ...beside, value: last ? dataOf(last).entry : '' } };
  },
});

/** Whoever reports damage has the mould blocked … */
export const blockDamaged = reaction({
  name: 'block-damaged',
  on: ['moulding.MouldDamaged.v1'],
  send: (event) => [{ slice: moulds, command: new BlockMould(dataOf(event).mouldId, `${event.id}/block`, 'damaged', true) }],
});

/** … and what was blocked for damage is released again: a reaction to a reaction. */
export const releaseRepaired = reaction({
  name: 'release-repaired',
  on: ['moulding.MouldBlocked.v1'],
  send: (event) => (dataOf(event).reason === 'damaged' ? [{ slice: moulds, command: new ReleaseMould(dataOf(event).mouldId, `${event.id}/release`) }] : []),
});

export const inspectionDue = deadline({
  name: 'inspection-due',
  slice: moulds,
  set: {
    'moulding.MouldRegistered.v1': (event) => {
      const { mouldId, dueAt } = dataOf(event);
      return dueAt === undefined ? undefined : { key: mouldId, dueAt, command: new BlockMould(mouldId, `${event.id}/due`, 'inspection is due') };
    },
  },
});

/** All that the filtered subscriber wants. */
export const FILTERED_TYPES = ['moulding.MouldUsed.v1', 'moulding.MouldDamaged.v1'];

/** The service has no public events. */
export const noContracts: PublicEvents = {
  events: [], upcasters: [], isPublic: () => false, isWritten: () => false, personalFields: () => [], check: () => undefined,
};
