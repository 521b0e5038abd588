import { found, sideBySide, Unusable } from './api.js';
import type { Api } from './api.js';

const WIDTH = 6;

export interface Place {
  readonly service: string;
  /** Without the service in front. */
  readonly stream: string;
}

/** `control/lot-1` → the stream lot-1 of control; a name without a service is asked for everywhere. */
export function placeNamed(name: string, services: readonly string[]): { readonly services: readonly string[]; readonly stream: string } {
  const slash = name.indexOf('/');
  if (slash < 0) return { services, stream: name };
  const service = name.slice(0, slash);
  if (!services.includes(service)) throw new Unusable(`there is no service ${service}: there are ${services.join(', ')}`);
  return { services: [service], stream: name.slice(slash + 1) };
}

/** Asks every service, and keeps the answers of those who know. Throws {@link Unusable} when none or several of them do. */
export async function onlyAnswer<T>(
  name: string, services: readonly string[], ask: (service: string) => Promise<T>,
): Promise<{ readonly service: string; readonly answer: T }> {
  const answers = await sideBySide(services, WIDTH, async (service) => ({ service, answer: await found(ask(service)) }));
  const known = answers.flatMap(({ service, answer }) => (answer === undefined ? [] : [{ service, answer }]));
  const [first] = known;
  if (!first) throw new Unusable(`${name} is not known to ${services.join(', ')}: check its name, e.g. lot-<lotId> or control/lot-<lotId>`);
  if (known.length > 1) throw new Unusable(`${name} is known to ${known.map(({ service }) => service).join(' and ')}: put the service in front, e.g. ${first.service}/${name}`);
  return first;
}

/** The history of a stream, and whose it is. */
export async function historyOf(api: Api, name: string): Promise<Place & { readonly history: unknown }> {
  const { services, stream } = placeNamed(name, await api.services());
  const { service, answer } = await onlyAnswer(name, services, (each) => api.get(`/${each}/history/${encodeURIComponent(stream)}`));
  return { service, stream, history: answer };
}
