import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { CloseNonconformity, ContainNonconformity, DecideDisposition, ReportNonconformity, VoidNonconformity } from './commands.js';
import { nonconformityList, NonconformityRow } from './nonconformity-list.projection.js';
import { nonconformities } from './slice.js';

class NonconformityPage extends Page {
  @IsOptional() @IsUUID() lotId?: string;
  @IsOptional() @IsIn(['reported', 'contained', 'closed', 'voided']) status?: string;
}

@Controller('nonconformities')
export class NonconformitiesController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ReportNonconformity, '', 'nonconformity.report')
  report(@AskedFor(ReportNonconformity) { command, context }: Asked<ReportNonconformity>) {
    return this.runtime.commands.handle(nonconformities, command, context);
  }

  @Takes(ContainNonconformity, ':nonconformityId/containment', 'nonconformity.contain')
  contain(@AskedFor(ContainNonconformity) { command, context }: Asked<ContainNonconformity>) {
    return this.runtime.commands.handle(nonconformities, command, context);
  }

  @Takes(DecideDisposition, ':nonconformityId/dispositions', 'nonconformity.disposition')
  decide(@AskedFor(DecideDisposition) { command, context }: Asked<DecideDisposition>) {
    return this.runtime.commands.handle(nonconformities, command, context);
  }

  @Takes(CloseNonconformity, ':nonconformityId/closing', 'nonconformity.close')
  close(@AskedFor(CloseNonconformity) { command, context }: Asked<CloseNonconformity>) {
    return this.runtime.commands.handle(nonconformities, command, context);
  }

  @Takes(VoidNonconformity, ':nonconformityId/voiding', 'nonconformity.void')
  void(@AskedFor(VoidNonconformity) { command, context }: Asked<VoidNonconformity>) {
    return this.runtime.commands.handle(nonconformities, command, context);
  }

  @Get() @Requires('nonconformity.read')
  list(@Query() query: NonconformityPage): Promise<Paged<NonconformityRow>> {
    const { lotId, status } = query;
    return page(this.runtime.query(nonconformityList), NonconformityRow, 'nonconformityId', query, (rows) => {
      const ofLot = lotId === undefined ? rows : rows.andWhere('row.lotId = :lotId', { lotId });
      return status === undefined ? ofLot : ofLot.andWhere('row.status = :status', { status });
    });
  }

  @Get(':nonconformityId') @Requires('nonconformity.read')
  async one(@Param('nonconformityId') nonconformityId: string): Promise<NonconformityRow> {
    const row = await this.runtime.query(nonconformityList).findOneBy(NonconformityRow, { nonconformityId });
    if (!row) throw new NotFound(`no nonconformity ${nonconformityId}`);
    return row;
  }
}
