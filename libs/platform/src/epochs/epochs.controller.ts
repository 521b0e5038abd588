import { Body, Controller, Get, Inject, Post, Query, Req } from '@nestjs/common';
import { Runtime } from '@touchstone/event-store';
import type { LogEpoch, LogGate } from '@touchstone/event-store';
import type { ActingRequest } from '../http.js';
import { Requires } from '../http.js';
import { Unauthenticated } from '../identity.js';
import { BadRequest } from '../problem.js';
import { validateCommand } from '../validate-command.js';
import { AskForEpoch } from './commands.js';
import type { EpochReport } from './log-epochs.js';
import { LogEpochs } from './log-epochs.js';
import type { Withdrawn } from './withdrawn.js';
import { withdrawnAfter } from './withdrawn.js';

export interface EpochState {
  readonly service: string;
  readonly logId: string;
  /** Whether anything is recorded. */
  readonly open: boolean;
  /** Why not. */
  readonly closedBecause?: string;
  readonly epochs: readonly LogEpoch[];
}

/** What the routes need besides the runtime. */
export interface EpochSurroundings {
  readonly service: string;
  readonly gate: LogGate;
  /** Services whose events this one takes in. */
  readonly producers: readonly string[];
}

export const EPOCH_SURROUNDINGS = Symbol('what the routes of epochs need');

/** The epochs of the log: what was put back, what was lost, and how the log goes on. */
@Controller()
export class EpochsController {
  constructor(private readonly runtime: Runtime, private readonly logEpochs: LogEpochs, @Inject(EPOCH_SURROUNDINGS) private readonly around: EpochSurroundings) {}

  /** The log's epochs, and whether it is whole. */
  @Get('epochs') @Requires('epoch.read')
  state(): EpochState {
    const { store } = this.runtime.options;
    const { service, gate } = this.around;
    return { service, logId: store.logId, open: gate.isOpen, ...(gate.closedBecause !== undefined && { closedBecause: gate.closedBecause }), epochs: store.lineage };
  }

  /** The log goes on under a new id, from where it was put back to; what others were told beyond is withdrawn. */
  @Post('epochs') @Requires('epoch.start')
  start(@Body() body: unknown, @Req() { actor }: ActingRequest): Promise<EpochReport> {
    if (!actor) throw new Unauthenticated('no actor');
    const { command: { reason } } = validateCommand(AskForEpoch, body);
    return this.logEpochs.start(actor, reason);
  }

  /** Withdrawn events that this log knows of, its own and those of others, page by page: give `next` as `after` until it is missing. */
  @Get('withdrawn') @Requires('epoch.read')
  withdrawn(@Query('after') after = '0'): Promise<{ items: Withdrawn[]; next?: string }> {
    if (!/^\d{1,15}$/.test(after)) throw new BadRequest('BAD_CURSOR', 'after is not the "next" of the page before');
    return withdrawnAfter(this.runtime.options.store, this.around.producers, Number(after));
  }
}
