import { setTimeout as pause } from 'node:timers/promises';
import { derivedId } from '@touchstone/kernel';
import type { Act } from './company.js';
import type { Person } from './people.js';
import { people } from './people.js';
import { routeOf } from './routes.js';

export interface Told {
  readonly status: number;
  /** Code of the refusal, when it was one. */
  readonly code?: string;
  /** When it may be taken if it is sent again; nothing was decided yet. */
  readonly retryAfterMs?: number;
  readonly body: Record<string, unknown>;
}

const MOST_REPEATS = 5;

export interface BulkSummary {
  readonly accepted: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly invalid: number;
  readonly failed: number;
}

/** The platform as its users see it: HTTP, each call under the token of the person or system that makes it. */
export class Api {
  calls = 0;

  constructor(readonly url: string, private readonly tokens: ReadonlyMap<Person, string>) {}

  /** One command through its route; repeated under its key while the service is away. Throws when it was neither taken nor refused by a rule. */
  async command({ by, service, type, occurredAt, body }: Act): Promise<Told> {
    const { method, path, rest } = routeOf(type, body);
    const key = derivedId('act', by, type, occurredAt, JSON.stringify(body));
    const send = () => this.call(by, method, `/${service}${path}`, { ...rest, occurredAt }, { 'idempotency-key': key });
    let told = await send();
    for (let again = 0; told.retryAfterMs !== undefined && again < MOST_REPEATS; again += 1) {
      await pause(told.retryAfterMs);
      told = await send();
    }
    if (told.status >= 500 || told.status === 400 || told.status === 401 || told.status === 403 || told.status === 404) {
      throw new Error(`${people[by].id} ${type}: ${told.status} ${String(told.body['detail'] ?? JSON.stringify(told.body))}`);
    }
    return told;
  }

  /** A command that must be taken. */
  async must(act: Act): Promise<Told> {
    const told = await this.command(act);
    if (told.code !== undefined) throw new Error(`${people[act.by].id} ${act.type} was refused: ${told.code} ${JSON.stringify(told.body['details'])}`);
    return told;
  }

  /** Many commands of one system in one request; lines of one type run side by side. */
  async bulk(by: Person, service: string, acts: readonly Act[]): Promise<BulkSummary> {
    if (acts.length === 0) return { accepted: 0, unchanged: 0, refused: 0, invalid: 0, failed: 0 };
    const lines = acts.map(({ type, occurredAt, body }, index) => JSON.stringify({ line: index + 1, type, occurredAt, body }));
    const response = await fetch(`${this.url}/${service}/bulk?provenance=live`, {
      method: 'POST', headers: { authorization: `Bearer ${this.token(by)}`, 'content-type': 'application/x-ndjson' }, body: lines.join('\n'),
    });
    const text = await response.text();
    this.calls += 1;
    const answers = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { status?: string; code?: string; detail?: string; summary?: BulkSummary });
    const bad = answers.find(({ status }) => status === 'invalid' || status === 'failed');
    const summary = answers.at(-1)?.summary;
    if (bad || !summary) throw new Error(`${people[by].id} in bulk to ${service}: ${bad?.code ?? response.status} ${bad?.detail ?? text.slice(0, 300)}`);
    return summary;
  }

  async get<T>(by: Person, path: string, minPosition?: string): Promise<T> {
    const told = await this.call(by, 'GET', path, undefined, minPosition === undefined ? {} : { 'min-position': minPosition });
    if (told.status >= 400) throw new Error(`${people[by].id} GET ${path}: ${told.status} ${String(told.body['detail'])}`);
    return told.body as T;
  }

  async post<T>(by: Person, path: string, body: object): Promise<T> {
    const told = await this.call(by, 'POST', path, body, {});
    if (told.status >= 400) throw new Error(`${people[by].id} POST ${path}: ${told.status} ${String(told.body['detail'])}`);
    return told.body as T;
  }

  /** All pages of a list. */
  async all<T>(by: Person, path: string): Promise<T[]> {
    const items: T[] = [];
    let after: string | undefined;
    do {
      const more = `${path}${path.includes('?') ? '&' : '?'}limit=500${after === undefined ? '' : `&after=${after}`}`;
      const page = await this.get<{ items: T[]; next?: string }>(by, more);
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return items;
  }

  private async call(by: Person, method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<Told> {
    this.calls += 1;
    const response = await fetch(this.url + path, {
      method, headers: { authorization: `Bearer ${this.token(by)}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = JSON.parse(await response.text()) as Record<string, unknown>;
    const retryAfter = response.status === 503 ? response.headers.get('retry-after') : null;
    return { status: response.status, ...(response.status >= 400 && { code: String(answer['code']) }), ...(retryAfter !== null && { retryAfterMs: Number(retryAfter) * 1_000 }), body: answer };
  }

  private token(by: Person): string {
    const token = this.tokens.get(by);
    if (token === undefined) throw new Error(`no token for ${by}`);
    return token;
  }
}
