import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { GrantConcession, HoldQuantity, LiftHold, RegisterLot, ReleaseQuantity } from './commands.js';
import { lotList, LotRow } from './lot-list.projection.js';
import { lots } from './slice.js';

class LotPage extends Page {
  @IsOptional() @IsIn(['pending inspection', 'accepted', 'rejected', 'partly released', 'released', 'consumed']) status?: string;
}

@Controller('lots')
export class LotsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(RegisterLot, '', 'lot.register')
  register(@AskedFor(RegisterLot) { command, context }: Asked<RegisterLot>) {
    return this.runtime.commands.handle(lots, command, context);
  }

  @Takes(HoldQuantity, ':lotId/holds', 'lot.hold')
  hold(@AskedFor(HoldQuantity) { command, context }: Asked<HoldQuantity>) {
    return this.runtime.commands.handle(lots, command, context);
  }

  @Takes(LiftHold, ':lotId/holds/:holdId/lifting', 'lot.lift')
  lift(@AskedFor(LiftHold) { command, context }: Asked<LiftHold>) {
    return this.runtime.commands.handle(lots, command, context);
  }

  @Takes(GrantConcession, ':lotId/concessions', 'lot.concede')
  concede(@AskedFor(GrantConcession) { command, context }: Asked<GrantConcession>) {
    return this.runtime.commands.handle(lots, command, context);
  }

  @Takes(ReleaseQuantity, ':lotId/releases', 'lot.release')
  release(@AskedFor(ReleaseQuantity) { command, context }: Asked<ReleaseQuantity>) {
    return this.runtime.commands.handle(lots, command, context);
  }

  @Get() @Requires('lot.read')
  list(@Query() query: LotPage): Promise<Paged<LotRow>> {
    return page(this.runtime.query(lotList), LotRow, 'lotId', query, (rows) =>
      query.status === undefined ? rows : rows.andWhere('row.status = :status', { status: query.status }));
  }

  @Get(':lotId') @Requires('lot.read')
  async one(@Param('lotId') lotId: string): Promise<LotRow> {
    const row = await this.runtime.query(lotList).findOneBy(LotRow, { lotId });
    if (!row) throw new NotFound(`no lot ${lotId}`);
    return row;
  }
}
