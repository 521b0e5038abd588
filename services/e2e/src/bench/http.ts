import { join } from 'node:path';
import { localIssuer } from '@touchstone/platform';
import type { OpenArea } from './area.js';
import { asOwner } from './database.js';
import type { Contender, Contest, Sample } from './measure.js';
import { plainLotTable } from './plain-app.js';
import type { Calling } from './processes/calling.js';
import { startChild } from './processes/child.js';
import type { Serving } from './processes/serving.js';
import { atLeast, timesAsFastAs } from './targets.js';

const CONCURRENCY = [1, 16, 64];
/** Of the plain application: more of them made it slower, on two cores. */
const CONNECTIONS = 20;

/** New processes run slowly until their code is compiled: so many times as long as a round is thrown away first. */
const WARM_UPS = 5;

/** `POST /lots`: the control service as it runs, against a controller that saves a row; two servers and a client, each a process. */
export const httpArea: OpenArea = async (server, { durationMs }) => {
  const { url, ownerUrl, folder } = await server.database('control');
  await asOwner(ownerUrl, plainLotTable('control_app'));
  const keyFile = join(folder, 'issuer-key.pem');
  const token = await (await localIssuer(keyFile)).issue({ id: 'inspector-7', roles: ['inspector'] });
  const [ours, plain, client] = [startChild('serving'), startChild('serving'), startChild('calling')];
  const close = async () => void (await Promise.all([client.end(), ours.end(), plain.end()]));
  try {
    const address = await ours.ask<string>('serve', { kind: 'control', url, keyFile, connections: 0 } satisfies Serving);
    const plainAddress = await plain.ask<string>('serve', { kind: 'plain', url, keyFile, connections: CONNECTIONS } satisfies Serving);
    const contender = (name: string, target: string, concurrency: number): Contender =>
      ({ name, run: () => client.ask<Sample>('call', { url: target, token, concurrency, durationMs } satisfies Calling) });
    const paths = [`${address}/lots`, `${plainAddress}/saved-lots`, `${plainAddress}/inserted-lots`];
    for (const each of paths) await client.ask('call', { url: each, token, concurrency: 16, durationMs: WARM_UPS * durationMs } satisfies Calling);
    const contests = CONCURRENCY.map((concurrency): Contest => ({
      area: 'http', what: `POST a new lot, ${concurrency} at once`, unit: 'requests/s', settle: () => ours.ask('settle'),
      targets: concurrency === 64 ? [atLeast(1, '≥ 1 × a plain controller that saves a row', timesAsFastAs('plain Nest and TypeORM, repository.save'))] : [],
      contenders: [
        contender('this control service', `${address}/lots`, concurrency),
        contender('plain Nest and TypeORM, repository.save', `${plainAddress}/saved-lots`, concurrency),
        contender('plain Nest and TypeORM, repository.insert', `${plainAddress}/inserted-lots`, concurrency),
      ],
    }));
    return { contests, close };
  } catch (error) {
    await close();
    throw error;
  }
};
