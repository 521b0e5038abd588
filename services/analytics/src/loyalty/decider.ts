import type { Decider, Fact, Refusal } from '@touchstone/kernel';
import { refuse } from '@touchstone/kernel';
import { UNASSIGNED_ACCOUNT_ID } from '@touchstone/contracts';
import { loyaltyAssessed } from '@touchstone/contracts/analytics';
import type { LoyaltyAssessed } from '@touchstone/contracts/analytics';
import type { LoyaltyCommand } from './commands.js';
import type { LoyaltyEvent } from './events.js';
import type { Account } from './figures.js';

/** What a policy decided, from what, by which rules: the whole of it, so that it can be decided again. */
export interface Decided {
  readonly policy: { readonly id: string; readonly version: number; readonly sha256: string };
  readonly facts: Readonly<Record<string, string | boolean | null>>;
  readonly factsHash: string;
  readonly fired: readonly string[];
  readonly result: unknown;
  readonly resultHash: string;
  readonly engine: { readonly name: string; readonly version: string };
}

export interface LoyaltyFacts {
  /** Null when nobody registered the account. */
  readonly account?: Fact<Account | null>;
  /** Left out when no policy is in force. */
  readonly decision?: Fact<Decided>;
  /** Inputs of the policy in force that nothing is known about; it was not asked then. */
  readonly notKnown?: Fact<readonly string[]>;
}

type Risk = LoyaltyAssessed['data']['churnRisk'];

/** The last assessment, as far as the next one asks. */
export interface Loyalty {
  readonly churnRisk: Risk;
  /** Policy, facts and answer, by their hashes. */
  readonly basis: string;
}

const basisOf = ({ policy, factsHash, resultHash }: Pick<LoyaltyAssessed['data'], 'policy' | 'factsHash' | 'resultHash'>): string =>
  [policy.sha256, factsHash, resultHash].join(' ');

export const loyalty: Decider<Loyalty | undefined, LoyaltyCommand, LoyaltyEvent, LoyaltyFacts> = {
  name: 'analytics.loyalty',
  version: 1,
  initialState: () => undefined,
  evolve: (_, { data }) => ({ churnRisk: data.churnRisk, basis: basisOf(data) }),
  decide(state, { accountId, because }, { account, decision, notKnown }) {
    if (accountId === UNASSIGNED_ACCOUNT_ID) return refuse('ACCOUNT_UNASSIGNED', { accountId });
    if (!account?.value) return refuse('ACCOUNT_UNKNOWN', { accountId });
    if (notKnown) return refuse('POLICY_ASKS_WHAT_IS_NOT_KNOWN', { inputs: notKnown.value });
    if (!decision) return refuse('NO_POLICY_IN_FORCE');
    const { policy, fired, factsHash, result, resultHash } = decision.value;
    const answer = answerOf(result);
    if ('refused' in answer) return answer;
    // The same facts judged by the same policy say nothing new, whoever asks.
    if (state?.basis === basisOf({ policy, factsHash, resultHash })) return [];
    return [loyaltyAssessed({
      accountId, because, ...told(account.value), ...answer, policy, fired: [...fired], factsHash, resultHash,
      ...(state && { previousRisk: state.churnRisk }),
    })];
  },
};

const risks: readonly unknown[] = ['low', 'elevated', 'high'] satisfies Risk[];

function answerOf(result: unknown): Pick<LoyaltyAssessed['data'], 'churnRisk' | 'openCase'> | Refusal {
  const { churnRisk, openCase } = result as Record<string, unknown>;
  if (!risks.includes(churnRisk) || typeof openCase !== 'boolean') return refuse('POLICY_ANSWERS_SOMETHING_ELSE', { expected: ['churnRisk', 'openCase'] });
  return { churnRisk: churnRisk as Risk, openCase };
}

/** The figures, as the event tells them: apart from one another, rates with what they rest on. */
function told({ figures, complaints }: Account): Pick<LoyaltyAssessed['data'], 'exposure' | 'promiseKeeping' | 'complaints' | 'satisfaction' | 'repeatPurchase'> {
  const { promiseRate: rate, promiseLower: lower, promiseUpper: upper, satisfactionLatest: latest, satisfactionMean: mean, recencyDays } = figures;
  return {
    exposure: { count: Number(figures.exposures), weight: figures.exposureWeight ?? '0' },
    promiseKeeping: {
      kept: Number(figures.promisesKept), due: Number(figures.promisesDue),
      ...(rate !== null && lower !== null && upper !== null && { rate, lower, upper }),
    },
    complaints: { ...complaints, burden: figures.burden ?? '0' },
    satisfaction: { ...(latest !== null && mean !== null && { latest: Number(latest), mean }), n: Number(figures.satisfactionStatements) },
    repeatPurchase: { frequency: Number(figures.repeatPurchases), ...(recencyDays !== null && { recencyDays: Number(recencyDays) }) },
  };
}
