import { join } from 'node:path';
import { localIssuer } from '@touchstone/platform';
import type { OpenArea } from './area.js';
import { asOwner } from './database.js';
import type { Contender, Contest, Sample } from './measure.js';
import { plainLotTable } from './plain-app.js';
import type { Calling } from './processes/calling.js';
import type { Child } from './processes/child.js';
import { startChild } from './processes/child.js';
import type { Serving } from './processes/serving.js';
import { atLeast, timesAsFastAs } from './targets.js';

const MOST = 64;
const CONCURRENCY = [1, 16, MOST];
/** Of the plain application, the best of which is taken. */
const POOLS = [10, 20, 64];

/** New processes run slowly until their code is compiled: so many times as long as a round is thrown away first. */
const WARM_UPS = 5;

/** `POST /lots`: the control service as it runs, against a controller that saves a row; two servers and a client, each a process. */
export const httpArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl, folder } = await server.database('control');
  await asOwner(ownerUrl, plainLotTable('control_app'));
  const keyFile = join(folder, 'issuer-key.pem');
  const token = await (await localIssuer(keyFile)).issue({ id: 'inspector-7', roles: ['inspector'] });
  const [ours, client] = [startChild('serving'), startChild('calling')];
  const children: Child[] = [ours, client];
  const close = async () => void (await Promise.all(children.map((child) => child.end())));
  const warmUp = (target: string, concurrency: number) =>
    client.ask<Sample>('call', { url: target, token, concurrency, durationMs: WARM_UPS * durationMs } satisfies Calling);
  try {
    const address = await ours.ask<string>('serve', { kind: 'control', url, keyFile, connections: 0 } satisfies Serving);
    const plain = await bestPlain({ kind: 'plain', url, keyFile, connections: 0 }, warmUp, children);
    const plainAddress = plain.address;
    for (const each of [`${address}/lots`, `${plainAddress}/inserted-lots`]) await warmUp(each, MOST);
    const contender = (name: string, target: string, concurrency: number): Contender =>
      ({ name, run: () => client.ask<Sample>('call', { url: target, token, concurrency, durationMs } satisfies Calling) });
    const contests = CONCURRENCY.map((concurrency): Contest => ({
      area: 'http', what: `POST a new lot, ${concurrency} at once`, unit: 'requests/s', settle: () => ours.ask('settle'),
      targets: concurrency === MOST ? [atLeast(1, '≥ 1 × a plain controller that saves a row', timesAsFastAs('plain Nest and TypeORM, repository.save'))] : [],
      contenders: [
        contender('this control service', `${address}/lots`, concurrency),
        contender('plain Nest and TypeORM, repository.save', `${plainAddress}/saved-lots`, concurrency),
        contender('plain Nest and TypeORM, repository.insert', `${plainAddress}/inserted-lots`, concurrency),
      ],
    }));
    return { contests, notes: [`http: the plain application did most on a pool of ${plain.connections}, of ${POOLS.join(', ')} tried`], close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The plain application with each pool, one after the other, at the most requests at once; all but the best are ended again. */
async function bestPlain(serving: Serving, warmUp: (target: string, concurrency: number) => Promise<Sample>, children: Child[]) {
  let best: { readonly child: Child; readonly address: string; readonly connections: number; readonly rate: number } | undefined;
  for (const connections of POOLS) {
    const child = startChild('serving');
    children.push(child);
    const address = await child.ask<string>('serve', { ...serving, connections });
    const { count, elapsedMs } = await warmUp(`${address}/saved-lots`, MOST);
    const tried = { child, address, connections, rate: count / elapsedMs };
    await (best && best.rate >= tried.rate ? child : best?.child)?.end();
    if (!best || tried.rate > best.rate) best = tried;
  }
  if (!best) throw new Error('no pool was tried');
  return best;
}
