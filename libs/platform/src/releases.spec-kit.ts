// What control releases, and a depot that packs a parcel for it: two services that specs run beside each other.
import { Controller } from '@nestjs/common';
import type { Decider, DomainEvent, RecordedEvent } from '@touchstone/kernel';
import type { Reaction } from '@touchstone/event-store';
import { reaction, Runtime, slice } from '@touchstone/event-store';
import type { Asked, ServiceDefinition } from './index.js';
import { AskedFor, Quantity, Takes, Uuid } from './index.js';
import { depot as parcelDepot, parcels, RegisterParcel } from './parcels.spec-kit.js';

class ReleaseQuantity {
  readonly type = 'ReleaseQuantity';
  @Uuid() lotId!: string;
  @Quantity() quantity!: string;
}

type Released = DomainEvent<'control.QuantityReleased.v1', { lotId: string; quantity: string }>;
const lot: Decider<null, ReleaseQuantity, Released> = {
  name: 'control.lot', version: 1, initialState: () => null, evolve: (state) => state,
  decide: (_, { lotId, quantity }) => [{ type: 'control.QuantityReleased.v1', data: { lotId, quantity } }],
};
const lots = slice<null, ReleaseQuantity, Released, object>({ decider: lot, commands: { ReleaseQuantity }, stream: ({ lotId }) => `lot-${lotId}` });

@Controller('lots')
class LotsController {
  constructor(private readonly runtime: Runtime) {}

  @Takes(ReleaseQuantity, ':lotId/releases', 'lot.release')
  release(@AskedFor(ReleaseQuantity) { command, context }: Asked<ReleaseQuantity>) {
    return this.runtime.commands.handle(lots, command, context);
  }
}
Reflect.defineMetadata('design:paramtypes', [Runtime], LotsController);

export const control: ServiceDefinition = { name: 'control', listensTo: [], slices: [{ slice: lots, controllers: [LotsController] }] };

/** A depot for which what control releases becomes a parcel. */
export function packingDepot(rest: Partial<Reaction> = {}): ServiceDefinition {
  const pack = reaction({
    name: 'pack', on: ['control.QuantityReleased.v1'], ...rest,
    send: ({ data }: RecordedEvent) => {
      const { lotId, quantity } = data as Released['data'];
      return [{ slice: parcels, command: Object.assign(new RegisterParcel(), { parcelId: lotId, weight: quantity, unit: 'pcs' }) }];
    },
  });
  return { ...parcelDepot, listensTo: ['control/lot'], slices: parcelDepot.slices.map((each) => ({ ...each, reactions: [pack] })) };
}
