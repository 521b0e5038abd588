import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import type { Ports } from '@touchstone/event-store';
import { accountFacts } from './account-facts.projection.js';
import { accountHistory } from './account-history.query.js';
import type { LoyaltyCommand } from './commands.js';
import type { Loyalty, LoyaltyFacts } from './decider.js';
import type { Figures } from './figures.js';
import { accountAt } from './figures.js';
import { policyInForce } from './policy-in-force.facts.js';

/** The policy that judges accounts. */
export const LOYALTY_POLICY_ID = 'loyalty';

/** What is known about the account, and what the policy in force says to it. */
export async function loyaltyFacts(_: Loyalty | undefined, { accountId }: LoyaltyCommand, ports: Ports): Promise<LoyaltyFacts> {
  if (accountId === UNASSIGNED_ACCOUNT_ID) return {};
  const [{ value: history, ...place }, policies] = await Promise.all([
    ports.ask(accountFacts, (manager) => accountHistory(manager, accountId, ports.at)),
    ports.stream(`policy-${LOYALTY_POLICY_ID}`),
  ]);
  const account = { value: history.registered ? accountAt(history, ports.at) : null, ...place };
  const found = policyInForce(policies.value, ports.at);
  if (!account.value || !found) return { account };
  const { policy, approval } = found;
  const from = { refs: [{ stream: approval.stream, version: approval.version }], seq: policies.seq };
  const asked = policy.policy.inputs.map(({ field }) => field);
  const { figures } = account.value;
  const notKnown = asked.filter((field) => !Object.hasOwn(figures, field));
  if (notKnown.length > 0) return { account, notKnown: { value: notKnown, ...from } };
  const decision = await policy.decide(Object.fromEntries(asked.map((field) => [field, figures[field as keyof Figures]])));
  return { account, decision: { value: decision, ...from } };
}
