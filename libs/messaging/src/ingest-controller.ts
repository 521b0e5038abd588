import type { RpcExceptionFilter, Type } from '@nestjs/common';
import { Catch, Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import type { Delivered } from './deliver.js';
import { Ingest } from './ingest.js';

/** Nest would hide what failed behind "Internal server error"; the relay that waits for us should say it. */
@Catch()
class AsItIs implements RpcExceptionFilter {
  catch(error: unknown) {
    return throwError(() => error);
  }
}

/** The Nest controller that hands what arrives to {@link Ingest}. */
export function ingestController(interests: readonly string[]): Type {
  @Controller()
  @UseFilters(AsItIs)
  class IngestController {
    constructor(private readonly ingest: Ingest) {}

    @EventPattern([...interests])
    async take(@Payload() delivered: Delivered): Promise<void> {
      await this.ingest.take(delivered);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Ingest], IngestController);
  return IngestController;
}
