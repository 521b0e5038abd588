import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { ConfirmArrival, DispatchDelivery, PlanDelivery, ReconfirmDelivery } from './commands.js';
import { deliveryList, DeliveryRow } from './delivery-list.projection.js';
import { deliveries } from './slice.js';

class DeliveryPage extends Page {
  @IsOptional() @IsUUID() lotId?: string;
  @IsOptional() @IsUUID() accountId?: string;
  @IsOptional() @IsIn(['planned', 'allocated', 'dispatched', 'arrived']) status?: string;
}

@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(PlanDelivery, '', 'delivery.plan')
  plan(@AskedFor(PlanDelivery) { command, context }: Asked<PlanDelivery>) {
    return this.runtime.commands.handle(deliveries, command, context);
  }

  @Takes(ReconfirmDelivery, ':deliveryId/confirmations', 'delivery.confirm')
  reconfirm(@AskedFor(ReconfirmDelivery) { command, context }: Asked<ReconfirmDelivery>) {
    return this.runtime.commands.handle(deliveries, command, context);
  }

  @Takes(DispatchDelivery, ':deliveryId/dispatch', 'delivery.dispatch')
  dispatch(@AskedFor(DispatchDelivery) { command, context }: Asked<DispatchDelivery>) {
    return this.runtime.commands.handle(deliveries, command, context);
  }

  @Takes(ConfirmArrival, ':deliveryId/arrival', 'delivery.arrive')
  arrive(@AskedFor(ConfirmArrival) { command, context }: Asked<ConfirmArrival>) {
    return this.runtime.commands.handle(deliveries, command, context);
  }

  @Get() @Requires('delivery.read')
  list(@Query() query: DeliveryPage): Promise<Paged<DeliveryRow>> {
    const { lotId, accountId, status } = query;
    const asked = Object.entries({ lotId, accountId, status }).filter(([, value]) => value !== undefined);
    return page(this.runtime.query(deliveryList), DeliveryRow, 'deliveryId', query, (rows) =>
      asked.reduce((filtered, [column, value]) => filtered.andWhere(`row.${column} = :${column}`, { [column]: value }), rows));
  }

  @Get(':deliveryId') @Requires('delivery.read')
  async one(@Param('deliveryId') deliveryId: string): Promise<DeliveryRow> {
    const row = await this.runtime.query(deliveryList).findOneBy(DeliveryRow, { deliveryId });
    if (!row) throw new NotFound(`no delivery ${deliveryId}`);
    return row;
  }
}
