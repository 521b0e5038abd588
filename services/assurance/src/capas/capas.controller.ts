import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { capaList, CapaRow, capaStatuses } from './capa-list.projection.js';
import {
  ApproveCapaPlan, CloseCapa, ConfirmRootCause, DeclineCapa, ExtendDueDate, ImplementCapa, OpenCapa, PlanCapa, PreventRecurrence, ProposeCapa,
  RecordContainment, VerifyEffectiveness,
} from './commands.js';
import { capas } from './slice.js';

class CapaPage extends Page {
  @IsOptional() @IsIn(capaStatuses) status?: string;
  @IsOptional() @IsString() @MaxLength(120) owner?: string;
  @IsOptional() @IsUUID() itemId?: string;
}

@Controller('capas')
export class CapasController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ProposeCapa, '', 'capa.propose')
  propose(@AskedFor(ProposeCapa) { command, context }: Asked<ProposeCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(OpenCapa, ':capaId/opening', 'capa.open')
  open(@AskedFor(OpenCapa) { command, context }: Asked<OpenCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(DeclineCapa, ':capaId/declining', 'capa.open')
  decline(@AskedFor(DeclineCapa) { command, context }: Asked<DeclineCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(RecordContainment, ':capaId/containments', 'capa.work')
  contain(@AskedFor(RecordContainment) { command, context }: Asked<RecordContainment>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(ConfirmRootCause, ':capaId/root-causes', 'capa.work')
  confirmRootCause(@AskedFor(ConfirmRootCause) { command, context }: Asked<ConfirmRootCause>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(PlanCapa, ':capaId/plans', 'capa.work')
  plan(@AskedFor(PlanCapa) { command, context }: Asked<PlanCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(ApproveCapaPlan, ':capaId/approvals', 'capa.approve')
  approve(@AskedFor(ApproveCapaPlan) { command, context }: Asked<ApproveCapaPlan>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(ImplementCapa, ':capaId/implementation', 'capa.work')
  implement(@AskedFor(ImplementCapa) { command, context }: Asked<ImplementCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(ExtendDueDate, ':capaId/extensions', 'capa.extend')
  extend(@AskedFor(ExtendDueDate) { command, context }: Asked<ExtendDueDate>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(VerifyEffectiveness, ':capaId/verifications', 'capa.verify')
  verify(@AskedFor(VerifyEffectiveness) { command, context }: Asked<VerifyEffectiveness>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(PreventRecurrence, ':capaId/preventions', 'capa.work')
  prevent(@AskedFor(PreventRecurrence) { command, context }: Asked<PreventRecurrence>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Takes(CloseCapa, ':capaId/closing', 'capa.close')
  close(@AskedFor(CloseCapa) { command, context }: Asked<CloseCapa>) {
    return this.runtime.commands.handle(capas, command, context);
  }

  @Get() @Requires('capa.read')
  list(@Query() { status, owner, itemId, ...asked }: CapaPage): Promise<Paged<CapaRow>> {
    const filters = Object.entries({ status, owner, itemId }).filter(([, value]) => value !== undefined);
    return page(this.runtime.query(capaList), CapaRow, 'capaId', asked, (rows) =>
      filters.reduce((narrowed, [name, value]) => narrowed.andWhere(`row.${name} = :${name}`, { [name]: value }), rows));
  }

  @Get(':capaId') @Requires('capa.read')
  async one(@Param('capaId') capaId: string): Promise<CapaRow> {
    const row = await this.runtime.query(capaList).findOneBy(CapaRow, { capaId });
    if (!row) throw new NotFound(`no corrective action ${capaId}`);
    return row;
  }
}
