import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Runtime } from '@touchstone/event-store';
import type { Asked, Paged } from '@touchstone/platform';
import { AskedFor, NotFound, Page, page, Requires, Takes } from '@touchstone/platform';
import { ApprovePolicy, ProposePolicy } from './commands.js';
import { policyList, PolicyVersionRow } from './policy-list.projection.js';
import { policies } from './slice.js';

class PolicyPage extends Page {
  @IsOptional() @IsString() @MaxLength(120) policyId?: string;
}

@Controller('policies')
export class PoliciesController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ProposePolicy, ':policyId/versions', 'policy.propose')
  propose(@AskedFor(ProposePolicy) { command, context }: Asked<ProposePolicy>) {
    return this.runtime.commands.handle(policies, command, context);
  }

  @Takes(ApprovePolicy, ':policyId/approvals', 'policy.approve')
  approve(@AskedFor(ApprovePolicy) { command, context }: Asked<ApprovePolicy>) {
    return this.runtime.commands.handle(policies, command, context);
  }

  @Get() @Requires('policy.read')
  list(@Query() query: PolicyPage): Promise<Paged<PolicyVersionRow>> {
    return page(this.runtime.query(policyList), PolicyVersionRow, 'policyVersionId', query, (rows) =>
      query.policyId === undefined ? rows : rows.andWhere('row.policyId = :policyId', { policyId: query.policyId }));
  }

  @Get(':policyId/versions/:version') @Requires('policy.read')
  async one(@Param('policyId') policyId: string, @Param('version') version: string): Promise<PolicyVersionRow> {
    const row = await this.runtime.query(policyList).findOneBy(PolicyVersionRow, { policyVersionId: `${policyId}/${version}` });
    if (!row) throw new NotFound(`no version ${version} of policy ${policyId}`);
    return row;
  }
}
