import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { AssessAccount } from './commands.js';
import { loyaltyList, LoyaltyRow } from './loyalty-list.projection.js';
import { loyalties } from './slice.js';

class LoyaltyPage extends Page {
  @IsOptional() @IsIn(['low', 'elevated', 'high']) churnRisk?: string;
}

@Controller('loyalty')
export class LoyaltyController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(AssessAccount, ':accountId/assessments', 'loyalty.assess')
  assess(@AskedFor(AssessAccount) { command, context }: Asked<AssessAccount>) {
    return this.runtime.commands.handle(loyalties, command, context);
  }

  @Get() @Requires('loyalty.read')
  list(@Query() query: LoyaltyPage): Promise<Paged<LoyaltyRow>> {
    return page(this.runtime.query(loyaltyList), LoyaltyRow, 'accountId', query, (rows) =>
      query.churnRisk === undefined ? rows : rows.andWhere('row.churnRisk = :churnRisk', { churnRisk: query.churnRisk }));
  }

  @Get(':accountId') @Requires('loyalty.read')
  async one(@Param('accountId', ParseUUIDPipe) accountId: string): Promise<LoyaltyRow> {
    const row = await this.runtime.query(loyaltyList).findOneBy(LoyaltyRow, { accountId });
    if (!row) throw new NotFound(`account ${accountId} has not been assessed`);
    return row;
  }
}
