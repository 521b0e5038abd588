import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { RecordPurchase } from './commands.js';
import { purchaseList, PurchaseRow } from './purchase-list.projection.js';
import { purchases } from './slice.js';

class PurchasePage extends Page {
  @IsOptional() @IsUUID() accountId?: string;
}

@Controller('purchases')
export class PurchasesController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(RecordPurchase, '', 'purchase.record')
  record(@AskedFor(RecordPurchase) { command, context }: Asked<RecordPurchase>) {
    return this.runtime.commands.handle(purchases, command, context);
  }

  @Get() @Requires('purchase.read')
  list(@Query() query: PurchasePage): Promise<Paged<PurchaseRow>> {
    return page(this.runtime.query(purchaseList), PurchaseRow, 'purchaseId', query, (rows) =>
      query.accountId === undefined ? rows : rows.andWhere('row.accountId = :accountId', { accountId: query.accountId }));
  }

  @Get(':purchaseId') @Requires('purchase.read')
  async one(@Param('purchaseId') purchaseId: string): Promise<PurchaseRow> {
    const row = await this.runtime.query(purchaseList).findOneBy(PurchaseRow, { purchaseId });
    if (!row) throw new NotFound(`no purchase ${purchaseId}`);
    return row;
  }
}
