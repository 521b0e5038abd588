import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { AddSite, RegisterItem, ReleaseRevision } from './commands.js';
import { itemList, ItemRow } from './item-list.projection.js';
import { items } from './slice.js';

class ItemPage extends Page {
  @IsOptional() @IsString() @MaxLength(120) number?: string;
}

@Controller('items')
export class ItemsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(RegisterItem, '', 'item.register')
  register(@AskedFor(RegisterItem) { command, context }: Asked<RegisterItem>) {
    return this.runtime.commands.handle(items, command, context);
  }

  @Takes(ReleaseRevision, ':itemId/revisions', 'item.release')
  release(@AskedFor(ReleaseRevision) { command, context }: Asked<ReleaseRevision>) {
    return this.runtime.commands.handle(items, command, context);
  }

  @Takes(AddSite, ':itemId/sites', 'item.add-site')
  addSite(@AskedFor(AddSite) { command, context }: Asked<AddSite>) {
    return this.runtime.commands.handle(items, command, context);
  }

  @Get() @Requires('item.read')
  list(@Query() query: ItemPage): Promise<Paged<ItemRow>> {
    return page(this.runtime.query(itemList), ItemRow, 'itemId', query, (rows) =>
      query.number === undefined ? rows : rows.andWhere('row.number = :number', { number: query.number }));
  }

  @Get(':itemId') @Requires('item.read')
  async one(@Param('itemId') itemId: string): Promise<ItemRow> {
    const row = await this.runtime.query(itemList).findOneBy(ItemRow, { itemId });
    if (!row) throw new NotFound(`no item ${itemId}`);
    return row;
  }
}
