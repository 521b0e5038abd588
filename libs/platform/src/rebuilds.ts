import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { IsBoolean, IsOptional } from 'class-validator';
import type { Progress } from '@touchstone/event-store';
import { positionOf, Runtime } from '@touchstone/event-store';
import { Uuid } from './fields.js';
import { Requires } from './http.js';
import { NotFound } from './problem.js';
import { SERVICE } from './bulk.js';
import type { ServiceDefinition } from './service.js';
import { validateCommand } from './validate-command.js';

class RebuildReadModel {
  readonly type = 'RebuildReadModel';
  /** Puts what was built in the place of the live one; only compares them, when left out. */
  @IsOptional() @IsBoolean() replace?: boolean;
}

class OperationNamed {
  readonly type = 'OperationNamed';
  @Uuid() operation!: string;
}

/** Where read models stand, and their buildings: begun here, and watched or cancelled from any process of the service. */
@Controller()
export class RebuildsController {
  constructor(private readonly runtime: Runtime, @Inject(SERVICE) private readonly service: ServiceDefinition) {}

  /** Where the log and each read model stand. */
  @Get('read-models') @Requires('readModel.read')
  async readModels(): Promise<object> {
    const { store } = this.runtime.options;
    const models = [...this.runtime.models.values()].map(async (model) => ({
      name: model.projection.name, version: model.projection.version, position: positionOf(store.logId, model.follower.position),
      hash: await model.hash(), ...(model.follower.failure && { failure: model.follower.failure.message }),
    }));
    return { service: this.service.name, head: positionOf(store.logId, await store.head()), readModels: await Promise.all(models) };
  }

  /** Begins to build the read model again from zero, beside the live one; answers at once. One that was stopped goes on. */
  @Post('read-models/:name/rebuild') @Requires('readModel.rebuild') @HttpCode(202)
  rebuild(@Param('name') name: string, @Body() body: unknown): Promise<Progress> {
    const { command: { replace } } = validateCommand(RebuildReadModel, body ?? {});
    return this.runtime.readModels.begin(this.known(name), replace === true ? 'replace' : 'compare');
  }

  /** The newest building of the read model that was asked for. */
  @Get('read-models/:name/rebuild') @Requires('readModel.read')
  async newest(@Param('name') name: string): Promise<Progress> {
    return found(await this.runtime.readModels.newest(this.known(name)), `${name} was never rebuilt`);
  }

  /** Stops a building where it is. */
  @Post('read-models/:name/rebuild/cancellation') @Requires('readModel.rebuild') @HttpCode(200)
  async cancel(@Param('name') name: string): Promise<Progress> {
    return found(await this.runtime.readModels.cancel(this.known(name)), `${name} is not being rebuilt`);
  }

  @Get('rebuilds/:operation') @Requires('readModel.read')
  async progress(@Param('operation') id: string): Promise<Progress> {
    const { command: { operation } } = validateCommand(OperationNamed, { operation: id });
    return found(await this.runtime.readModels.progress(operation), `there is no rebuild ${operation}`);
  }

  private known(name: string): string {
    if (this.runtime.models.has(name)) return name;
    throw new NotFound(`${this.service.name} has no read model ${name}: it has ${[...this.runtime.models.keys()].join(', ')}`);
  }
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new NotFound(otherwise);
  return value;
}
