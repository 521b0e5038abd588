import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Sample } from '../measure.js';
import { keepBusy } from '../measure.js';
import { answering } from './answering.js';

/** Calls to make: `concurrency` at once, each again as soon as it is answered. */
export interface Calling {
  readonly url: string;
  readonly token: string;
  readonly concurrency: number;
  readonly durationMs: number;
}

const ITEM = '0d5b6a52-3f5e-4b1c-8f5c-5a3a1e2b7c44';

/** A lot that nobody has registered yet. */
function newLot(): string {
  const lotId = randomUUID();
  return JSON.stringify({ lotId, number: `L-${lotId}`, itemId: ITEM, quantity: '100', unit: 'pcs', site: 'graz', requiredInspections: ['final'] });
}

function post({ url, token }: Calling, agent: Agent): Promise<void> {
  const body = newLot();
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** The load client: a process of its own, so that its work is not in the way of the service that is measured. */
answering({
  call: async (calling: Calling): Promise<Sample> => {
    const agent = new Agent({ keepAlive: true, maxSockets: calling.concurrency });
    try {
      return await keepBusy(calling.concurrency, calling.durationMs, async () => {
        await post(calling, agent);
        return 1;
      });
    } finally {
      agent.destroy();
    }
  },
});
