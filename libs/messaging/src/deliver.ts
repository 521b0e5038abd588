import type { BaseRpcContext, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { categoryOf } from '@touchstone/kernel';
import type { Message } from './transport.js';
import { producerOf } from './transport.js';

/** What a handler of `@EventPattern('<service>/<category>')` is given: the messages of a topic that the service wants. */
export interface Delivered {
  /** For a topic with partitions `<topic>/<partition>`: each is a place of its own. */
  readonly topic: string;
  readonly messages: readonly Message[];
}

/** Hands on what is wanted. All patterns of one producer are served in one call, so that one place is noted. */
export async function deliverTo(handlers: ReadonlyMap<string, MessageHandler>, topic: string, messages: readonly Message[]): Promise<void> {
  const producer = producerOf(topic);
  const wanted = messages.filter(({ key }) => handlers.has(`${producer}/${categoryOf(key)}`));
  const [first] = wanted;
  if (!first) return;
  const handler = handlers.get(`${producer}/${categoryOf(first.key)}`);
  const answer: unknown = await handler?.({ topic, messages: wanted } satisfies Delivered, {} as BaseRpcContext);
  if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
}
