import 'reflect-metadata';
import { contracts } from '@touchstone/contracts';
import type { AnyPublicEvent } from '@touchstone/contracts';
import { analytics } from '@touchstone/analytics/app';
import { assurance } from '@touchstone/assurance/app';
import { control } from '@touchstone/control/app';
import { feedback } from '@touchstone/feedback/app';
import { planning } from '@touchstone/planning/app';
import type { BodySchema } from '@touchstone/platform';
import { commandSchema, takenBy } from '@touchstone/platform';

/** Something of a service that does something with an event. */
export interface Handler {
  readonly kind: 'read model' | 'reaction' | 'deadline';
  readonly name: string;
  readonly on: readonly string[];
}

export interface ServiceUse {
  readonly name: string;
  /** `<service>/<category>`: whole categories are taken in. */
  readonly listensTo: readonly string[];
  /** Its categories of streams, by the slice that writes them. */
  readonly categories: readonly string[];
  readonly handlers: readonly Handler[];
  /** Commands that have a route, and may come in over Kafka too, by type, with the JSON Schema of their bodies. */
  readonly commands: ReadonlyMap<string, BodySchema>;
}

/** The services, in the order in which pages list them. */
export const definitions = [planning, control, assurance, feedback, analytics];

/** Who publishes and takes in what, as the services themselves declare it. */
export const services: readonly ServiceUse[] = definitions.map(({ name, listensTo, slices }) => ({
  name, listensTo,
  categories: slices.map(({ slice }) => slice.decider.name.slice(slice.decider.name.indexOf('.') + 1)),
  commands: new Map(slices.flatMap(({ controllers }) => controllers.flatMap(takenBy))
    .map(({ commandClass }): [string, BodySchema] => [new commandClass().type, commandSchema(commandClass)]).toSorted(([one], [other]) => (one < other ? -1 : 1))),
  handlers: slices.flatMap(({ projections = [], reactions = [], deadlines = [] }): Handler[] => [
    ...projections.map((each) => ({ kind: 'read model' as const, name: each.name, on: each.on })),
    ...reactions.map((each) => ({ kind: 'reaction' as const, name: each.name, on: each.on })),
    ...deadlines.map(({ name: of, set, lift = {} }) => ({ kind: 'deadline' as const, name: of, on: [...Object.keys(set), ...Object.keys(lift)] })),
  ]),
}));

export { contracts };

/** Services that take the event in, with what each does with it; its own service does not take it in, and is named when it handles it. */
export const usersOf = ({ type, stream }: AnyPublicEvent): { readonly service: string; readonly handlers: readonly Handler[] }[] =>
  services
    .map(({ name, listensTo, handlers }) => ({ service: name, takes: listensTo.includes(`${type.split('.', 1)[0] ?? ''}/${stream}`), handlers: handlers.filter(({ on }) => on.includes(type)) }))
    .filter(({ takes, handlers }) => takes || handlers.length > 0)
    .map(({ service, handlers }) => ({ service, handlers }));
