import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { ApproveControlPlan, DraftControlPlan, NoteCharacteristic, PutControlPlanInForce } from './commands.js';
import { controlPlanList, ControlPlanRow } from './control-plan-list.projection.js';
import { controlPlans } from './slice.js';

class ControlPlanPage extends Page {
  @IsOptional() @IsIn(['draft', 'approved', 'in-force']) latestStatus?: string;
}

@Controller('control-plans')
export class ControlPlansController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(DraftControlPlan, ':itemId/drafts', 'controlPlan.draft')
  draft(@AskedFor(DraftControlPlan) { command, context }: Asked<DraftControlPlan>) {
    return this.runtime.commands.handle(controlPlans, command, context);
  }

  @Takes(ApproveControlPlan, ':itemId/approvals', 'controlPlan.approve')
  approve(@AskedFor(ApproveControlPlan) { command, context }: Asked<ApproveControlPlan>) {
    return this.runtime.commands.handle(controlPlans, command, context);
  }

  @Takes(PutControlPlanInForce, ':itemId/in-force', 'controlPlan.approve')
  putInForce(@AskedFor(PutControlPlanInForce) { command, context }: Asked<PutControlPlanInForce>) {
    return this.runtime.commands.handle(controlPlans, command, context);
  }

  @Takes(NoteCharacteristic, ':itemId/notes', 'controlPlan.note')
  note(@AskedFor(NoteCharacteristic) { command, context }: Asked<NoteCharacteristic>) {
    return this.runtime.commands.handle(controlPlans, command, context);
  }

  @Get() @Requires('controlPlan.read')
  list(@Query() query: ControlPlanPage): Promise<Paged<ControlPlanRow>> {
    return page(this.runtime.query(controlPlanList), ControlPlanRow, 'itemId', query, (rows) =>
      query.latestStatus === undefined ? rows : rows.andWhere('row.latestStatus = :latestStatus', { latestStatus: query.latestStatus }));
  }

  @Get(':itemId') @Requires('controlPlan.read')
  async one(@Param('itemId') itemId: string): Promise<ControlPlanRow> {
    const row = await this.runtime.query(controlPlanList).findOneBy(ControlPlanRow, { itemId });
    if (!row) throw new NotFound(`no control plan of item ${itemId}`);
    return row;
  }
}
