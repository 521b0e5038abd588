import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, Page, page, Requires, Takes } from '@touchstone/platform';
import { accountExposure, AccountExposureRow } from './account-exposure.projection.js';
import { IdentifyExposure } from './commands.js';
import { deliveriesByLot, DeliveryByLotRow } from './deliveries-by-lot.projection.js';
import { exposures } from './slice.js';

class ExposurePage extends Page {
  @IsOptional() @IsUUID() accountId?: string;
  @IsOptional() @IsUUID() lotId?: string;
}

@Controller()
export class TraceabilityController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(IdentifyExposure, 'exposures', 'exposure.identify')
  identify(@AskedFor(IdentifyExposure) { command, context }: Asked<IdentifyExposure>) {
    return this.runtime.commands.handle(exposures, command, context);
  }

  /** By account, forwards; by lot, which accounts it concerns. */
  @Get('exposures') @Requires('exposure.read')
  list(@Query() { accountId, lotId, ...query }: ExposurePage): Promise<Paged<AccountExposureRow>> {
    return page(this.runtime.query(accountExposure), AccountExposureRow, 'exposureId', query, (rows) => {
      if (accountId !== undefined) rows.andWhere('row.accountId = :accountId', { accountId });
      return lotId === undefined ? rows : rows.andWhere('row.lotId = :lotId', { lotId });
    });
  }

  /** Where a lot went, nonconforming or not. */
  @Get('lots/:lotId/deliveries') @Requires('exposure.read')
  deliveries(@Param('lotId', ParseUUIDPipe) lotId: string, @Query() query: Page): Promise<Paged<DeliveryByLotRow>> {
    return page(this.runtime.query(deliveriesByLot), DeliveryByLotRow, 'deliveryId', query, (rows) => rows.andWhere('row.lotId = :lotId', { lotId }));
  }

  /** What an account received, and from which lots. */
  @Get('accounts/:accountId/deliveries') @Requires('exposure.read')
  received(@Param('accountId', ParseUUIDPipe) accountId: string, @Query() query: Page): Promise<Paged<DeliveryByLotRow>> {
    return page(this.runtime.query(deliveriesByLot), DeliveryByLotRow, 'deliveryId', query, (rows) => rows.andWhere('row.accountId = :accountId', { accountId }));
  }
}
