import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { chartList, ChartPointRow, ChartRow, ChartSignalRow } from './chart-list.projection.js';
import { BaselineChart, EstablishChart, RebaselineChart, SpecifyLimits } from './commands.js';
import { controlCharts } from './slice.js';

class ChartPage extends Page {
  @IsOptional() @IsUUID() itemId?: string;
}

@Controller('control-charts')
export class ControlChartsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(EstablishChart, '', 'chart.establish')
  establish(@AskedFor(EstablishChart) { command, context }: Asked<EstablishChart>) {
    return this.runtime.commands.handle(controlCharts, command, context);
  }

  @Takes(BaselineChart, ':chartId/baselines', 'chart.baseline')
  baseline(@AskedFor(BaselineChart) { command, context }: Asked<BaselineChart>) {
    return this.runtime.commands.handle(controlCharts, command, context);
  }

  @Takes(SpecifyLimits, ':chartId/limits', 'chart.specify')
  specify(@AskedFor(SpecifyLimits) { command, context }: Asked<SpecifyLimits>) {
    return this.runtime.commands.handle(controlCharts, command, context);
  }

  @Takes(RebaselineChart, ':chartId/rebaselining', 'chart.rebaseline')
  rebaseline(@AskedFor(RebaselineChart) { command, context }: Asked<RebaselineChart>) {
    return this.runtime.commands.handle(controlCharts, command, context);
  }

  @Get() @Requires('chart.read')
  list(@Query() query: ChartPage): Promise<Paged<ChartRow>> {
    return page(this.runtime.query(chartList), ChartRow, 'chartId', query, (rows) =>
      query.itemId === undefined ? rows : rows.andWhere('row.itemId = :itemId', { itemId: query.itemId }));
  }

  @Get(':chartId') @Requires('chart.read')
  async one(@Param('chartId') chartId: string): Promise<ChartRow> {
    const row = await this.runtime.query(chartList).findOneBy(ChartRow, { chartId });
    if (!row) throw new NotFound(`no control chart ${chartId}`);
    return row;
  }

  /** In the order of the points. */
  @Get(':chartId/points') @Requires('chart.read')
  points(@Param('chartId') chartId: string, @Query() query: Page): Promise<Paged<ChartPointRow>> {
    return page(this.runtime.query(chartList), ChartPointRow, 'pointId', query, (rows) => rows.andWhere('row.chartId = :chartId', { chartId }));
  }

  @Get(':chartId/signals') @Requires('chart.read')
  signals(@Param('chartId') chartId: string, @Query() query: Page): Promise<Paged<ChartSignalRow>> {
    return page(this.runtime.query(chartList), ChartSignalRow, 'signalId', query, (rows) => rows.andWhere('row.chartId = :chartId', { chartId }));
  }
}
