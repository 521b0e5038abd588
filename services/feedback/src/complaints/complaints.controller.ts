import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { ComplaintReceived } from '@touchstone/contracts/feedback';
import { decodeAll, Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import {
  AcknowledgeComplaint, AssessComplaint, CloseComplaint, complaintOutcomes, EscalateComplaint, ReceiveComplaint, ResolveComplaint, RespondToComplaint,
} from './commands.js';
import { complaintList, ComplaintRow } from './complaint-list.projection.js';
import { complaintStream } from './events.js';
import { complaints } from './slice.js';

class ComplaintPage extends Page {
  @IsOptional() @IsUUID() accountId?: string;
  @IsOptional() @IsIn(['received', 'acknowledged', 'assessed', 'responded', 'resolved', ...complaintOutcomes]) status?: string;
}

@Controller('complaints')
export class ComplaintsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ReceiveComplaint, '', 'complaint.receive')
  receive(@AskedFor(ReceiveComplaint) { command, context }: Asked<ReceiveComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(AcknowledgeComplaint, ':complaintId/acknowledgement', 'complaint.work')
  acknowledge(@AskedFor(AcknowledgeComplaint) { command, context }: Asked<AcknowledgeComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(AssessComplaint, ':complaintId/assessments', 'complaint.work')
  assess(@AskedFor(AssessComplaint) { command, context }: Asked<AssessComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(RespondToComplaint, ':complaintId/responses', 'complaint.work')
  respond(@AskedFor(RespondToComplaint) { command, context }: Asked<RespondToComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(ResolveComplaint, ':complaintId/resolutions', 'complaint.work')
  resolve(@AskedFor(ResolveComplaint) { command, context }: Asked<ResolveComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(EscalateComplaint, ':complaintId/escalations', 'complaint.work')
  escalate(@AskedFor(EscalateComplaint) { command, context }: Asked<EscalateComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Takes(CloseComplaint, ':complaintId/closing', 'complaint.work')
  close(@AskedFor(CloseComplaint) { command, context }: Asked<CloseComplaint>) {
    return this.runtime.commands.handle(complaints, command, context);
  }

  @Get() @Requires('complaint.read')
  list(@Query() query: ComplaintPage): Promise<Paged<ComplaintRow>> {
    const { accountId, status } = query;
    return page(this.runtime.query(complaintList), ComplaintRow, 'complaintId', query, (rows) => {
      if (accountId !== undefined) rows.andWhere('row.accountId = :accountId', { accountId });
      return status === undefined ? rows : rows.andWhere('row.status = :status', { status });
    });
  }

  @Get(':complaintId') @Requires('complaint.read')
  async one(@Param('complaintId') complaintId: string): Promise<ComplaintRow> {
    const row = await this.runtime.query(complaintList).findOneBy(ComplaintRow, { complaintId });
    if (!row) throw new NotFound(`no complaint ${complaintId}`);
    return row;
  }

  /** What the customer said: read from the log, so that it is gone here at once when the account's key is destroyed. */
  @Get(':complaintId/words') @Requires('complaint.work')
  async words(@Param('complaintId') complaintId: string): Promise<{ readonly complaintId: string; readonly text: string | null }> {
    const { upcasting, options: { store, keys } } = this.runtime;
    const [received] = await decodeAll(await store.readStream(complaintStream(complaintId)), keys, upcasting);
    if (!received) throw new NotFound(`no complaint ${complaintId}`);
    return { complaintId, text: (received.data as ComplaintReceived['data']).text ?? null };
  }
}
