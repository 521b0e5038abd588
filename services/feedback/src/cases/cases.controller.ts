import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { caseList, CaseRow } from './case-list.projection.js';
import { CloseCase, OpenCase, RecordCaseAction } from './commands.js';
import { cases } from './slice.js';

class CasePage extends Page {
  @IsOptional() @IsUUID() accountId?: string;
  /** `true`: only cases that are not closed. */
  @IsOptional() @IsIn(['true', 'false']) open?: string;
}

@Controller('cases')
export class CasesController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(OpenCase, '', 'case.open')
  open(@AskedFor(OpenCase) { command, context }: Asked<OpenCase>) {
    return this.runtime.commands.handle(cases, command, context);
  }

  @Takes(RecordCaseAction, ':caseId/actions', 'case.work')
  act(@AskedFor(RecordCaseAction) { command, context }: Asked<RecordCaseAction>) {
    return this.runtime.commands.handle(cases, command, context);
  }

  @Takes(CloseCase, ':caseId/closing', 'case.work')
  close(@AskedFor(CloseCase) { command, context }: Asked<CloseCase>) {
    return this.runtime.commands.handle(cases, command, context);
  }

  @Get() @Requires('case.read')
  list(@Query() query: CasePage): Promise<Paged<CaseRow>> {
    const { accountId, open } = query;
    return page(this.runtime.query(caseList), CaseRow, 'caseId', query, (rows) => {
      if (accountId !== undefined) rows.andWhere('row.accountId = :accountId', { accountId });
      return open === undefined ? rows : rows.andWhere(`row.closedAt is ${open === 'true' ? '' : 'not '}null`);
    });
  }

  @Get(':caseId') @Requires('case.read')
  async one(@Param('caseId') caseId: string): Promise<CaseRow> {
    const row = await this.runtime.query(caseList).findOneBy(CaseRow, { caseId });
    if (!row) throw new NotFound(`no case ${caseId}`);
    return row;
  }
}
