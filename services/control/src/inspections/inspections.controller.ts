import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsOptional, IsUUID } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { CompleteInspection, CorrectMeasurement, RecordMeasurements, StartInspection, VoidInspection } from './commands.js';
import { inspectionList, InspectionRow } from './inspection-list.projection.js';
import { inspections } from './slice.js';

class InspectionPage extends Page {
  @IsOptional() @IsUUID() lotId?: string;
}

@Controller('inspections')
export class InspectionsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(StartInspection, '', 'inspection.record')
  start(@AskedFor(StartInspection) { command, context }: Asked<StartInspection>) {
    return this.runtime.commands.handle(inspections, command, context);
  }

  @Takes(RecordMeasurements, ':inspectionId/measurements', 'inspection.record')
  record(@AskedFor(RecordMeasurements) { command, context }: Asked<RecordMeasurements>) {
    return this.runtime.commands.handle(inspections, command, context);
  }

  @Takes(CorrectMeasurement, ':inspectionId/corrections', 'inspection.correct')
  correct(@AskedFor(CorrectMeasurement) { command, context }: Asked<CorrectMeasurement>) {
    return this.runtime.commands.handle(inspections, command, context);
  }

  @Takes(CompleteInspection, ':inspectionId/completion', 'inspection.complete')
  complete(@AskedFor(CompleteInspection) { command, context }: Asked<CompleteInspection>) {
    return this.runtime.commands.handle(inspections, command, context);
  }

  @Takes(VoidInspection, ':inspectionId/voiding', 'inspection.complete')
  void(@AskedFor(VoidInspection) { command, context }: Asked<VoidInspection>) {
    return this.runtime.commands.handle(inspections, command, context);
  }

  @Get() @Requires('inspection.read')
  list(@Query() query: InspectionPage): Promise<Paged<InspectionRow>> {
    return page(this.runtime.query(inspectionList), InspectionRow, 'inspectionId', query, (rows) =>
      query.lotId === undefined ? rows : rows.andWhere('row.lotId = :lotId', { lotId: query.lotId }));
  }

  @Get(':inspectionId') @Requires('inspection.read')
  async one(@Param('inspectionId') inspectionId: string): Promise<InspectionRow> {
    const row = await this.runtime.query(inspectionList).findOneBy(InspectionRow, { inspectionId });
    if (!row) throw new NotFound(`no inspection ${inspectionId}`);
    return row;
  }
}
