import type { PolicyDocument } from '@touchstone/decisions';
import { checkPolicy } from '@touchstone/decisions';
import type { PolicyCommand } from './commands.js';
import type { Policy, PolicyFacts } from './decider.js';

/** What keeps a proposed document from deciding. Checked by the engine's own rules, which is why it is a fact and not decided here. */
export function policyFacts(_: Policy | undefined, command: PolicyCommand): Promise<PolicyFacts> {
  if (command.type !== 'ProposePolicy') return Promise.resolve({});
  const problems = checkPolicy(command.document as unknown as PolicyDocument).map((problem) => ({ ...problem }));
  return Promise.resolve({ problems: { value: problems, refs: [], seq: 0 } });
}
