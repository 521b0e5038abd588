import type { Ports } from '@touchstone/event-store';
import type { PurchaseCommand } from './commands.js';
import type { Purchase, PurchaseFacts } from './decider.js';

/** Recording needs to know that the account is registered; a purchase that is known needs nothing more. One read of one stream. */
export async function purchaseFacts(state: Purchase | undefined, { accountId }: PurchaseCommand, ports: Ports): Promise<PurchaseFacts> {
  if (state) return {};
  const { value, seq } = await ports.stream(`account-${accountId}`);
  const [registered] = value;
  return { accountKnown: { value: registered !== undefined, seq, refs: registered ? [{ stream: registered.stream, version: registered.version }] : [] } };
}
