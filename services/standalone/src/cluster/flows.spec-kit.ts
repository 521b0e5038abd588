import { setTimeout as pause } from 'node:timers/promises';
import { derivedId } from '@touchstone/kernel';
import { products } from '@touchstone/infra';
import type { RunningPlatform } from '../platform.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An event that a caller was told of. */
export interface Acknowledged {
  readonly service: string;
  readonly stream: string;
  readonly id: string;
}

const AGAIN_MS = 100;
const PATIENCE_MS = 60_000;
const [ring] = products;
const soon = new Date(Date.now() + 7 * 86_400_000).toISOString();

/**
 * People at work on all services through one address: each flow is a plan that is put in force, and a lot that goes to a customer
 * and then turns out bad. What is answered 503 is given again with the same Idempotency-Key.
 */
export class Flows {
  readonly acknowledged: Acknowledged[] = [];
  /** Times that 503 was answered, by code. */
  readonly away = new Map<string, number>();
  /** Names of the flows that are finished. */
  readonly done: string[] = [];
  private readonly tokens = new Map<string, string>();

  constructor(private readonly platform: Pick<RunningPlatform, 'url' | 'issuer'>) {}

  async call(role: string, method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Answer> {
    const token = this.tokens.get(role) ?? (await this.platform.issuer.issue({ id: `one-${role}`, roles: [role] }));
    this.tokens.set(role, token);
    const response = await fetch(this.platform.url + path, {
      method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }, ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** All of a list. */
  async all(role: string, path: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for (let after: unknown = ''; after !== undefined; ) {
      const { body } = await this.call(role, 'GET', `${path}?limit=200${after === '' ? '' : `&after=${String(after)}`}`);
      items.push(...(body['items'] as Record<string, unknown>[]));
      after = body['next'];
    }
    return items;
  }

  /** Works on one flow after the other until there is enough. `number` tells the workers apart. */
  async work(number: number, enough: () => boolean): Promise<void> {
    for (let flow = 0; !enough(); flow += 1) {
      await this.flow(`${number}-${flow}`);
      this.done.push(`${number}-${flow}`);
    }
  }

  private async flow(name: string): Promise<void> {
    const id = (what: string) => derivedId('flow', name, what);
    const [itemId, lotId, accountId, deliveryId] = [id('item'), id('lot'), id('account'), id('delivery')];
    const give = (role: string, path: string, body: object) => this.taken(role, path, body, `${name}${path}`);
    await give('quality-engineer', '/planning/items', { itemId, number: `F-${name}`, name, unit: 'pcs' });
    await give('quality-engineer', `/planning/control-plans/${itemId}/drafts`, { title: name, requiredInspections: ['final'], characteristics: [ring?.characteristics[0]?.plan] });
    await give('quality-manager', `/planning/control-plans/${itemId}/approvals`, { revision: 1 });
    await give('quality-manager', `/planning/control-plans/${itemId}/in-force`, { revision: 1 });
    await give('customer-care', '/feedback/accounts', { accountId, name, externalSource: 'crm', externalId: name });
    await give('quality-engineer', '/control/lots', { lotId, number: `L-${name}`, itemId, quantity: '100', unit: 'pcs', site: 'ulm', requiredInspections: ['final'] });
    const concessionId = id('concession');
    await give('quality-manager', `/control/lots/${lotId}/concessions`, { concessionId, kind: 'concession', quantity: '100', waives: 'INSPECTION_MISSING', reason: 'urgent', validUntil: soon });
    await give('quality-engineer', `/control/lots/${lotId}/releases`, { quantity: '100', concessionId });
    await give('logistics', '/control/deliveries', { deliveryId, orderId: `O-${name}`, line: 1, accountId, lotId, quantity: '40', requestedFor: soon, confirmedFor: soon });
    await this.dispatched(name, deliveryId);
    await give('quality-engineer', '/control/nonconformities', {
      nonconformityId: id('nonconformity'), lotId, itemId, requirement: 'diameter', quantity: '1', severity: 'major', source: 'person', sourceId: 'one-quality-engineer',
    });
  }

  /** As soon as the lot has set it aside, which a reaction does. */
  private async dispatched(name: string, deliveryId: string): Promise<void> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(AGAIN_MS)) {
      const answer = await this.given('logistics', `/control/deliveries/${deliveryId}/dispatch`, {}, `${name}-dispatch-${Date.now()}`);
      if (answer.body['code'] !== 'NOT_ALLOCATED') return this.note('control', answer);
    }
    throw new Error(`${name}: nothing was set aside for the delivery`);
  }

  private async taken(role: string, path: string, body: object, key: string): Promise<void> {
    this.note(path.split('/')[1] ?? '', await this.given(role, path, body, key));
  }

  private note(service: string, { status, body }: Answer): void {
    if (status !== 200 && status !== 201) throw new Error(`not taken: ${status} ${JSON.stringify(body)}`);
    for (const { id } of body['events'] as { id: string }[]) this.acknowledged.push({ service, stream: String(body['stream']), id });
  }

  private async given(role: string, path: string, body: object, key: string): Promise<Answer> {
    for (const until = Date.now() + PATIENCE_MS; ; await pause(AGAIN_MS)) {
      const answer = await this.call(role, 'POST', path, body, key);
      if (answer.status !== 503 || Date.now() > until) return answer;
      const code = String(answer.body['code']);
      this.away.set(code, (this.away.get(code) ?? 0) + 1);
    }
  }
}
