// Calls an HTTP address from a thread of its own, so that the caller's work is not in the way of the service that is measured.
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';

const ITEM = '0d5b6a52-3f5e-4b1c-8f5c-5a3a1e2b7c44';

/** A lot that nobody has registered yet. */
function newLot() {
  const lotId = randomUUID();
  return JSON.stringify({ lotId, number: `L-${lotId}`, itemId: ITEM, quantity: '100', unit: 'pcs', site: 'graz', requiredInspections: ['final'] });
}

function post({ url, headers }, agent) {
  const body = newLot();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject).on('end', () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}: ${Buffer.concat(chunks).toString()}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

async function load(job) {
  const agent = new Agent({ keepAlive: true, maxSockets: job.concurrency });
  const latenciesMs = [];
  const began = performance.now();
  const call = async () => {
    for (let at = began; at - began < job.durationMs; ) {
      await post(job, agent);
      const now = performance.now();
      latenciesMs.push(now - at);
      at = now;
    }
  };
  try {
    await Promise.all(Array.from({ length: job.concurrency }, call));
    return { count: latenciesMs.length, elapsedMs: performance.now() - began, latenciesMs };
  } finally {
    agent.destroy();
  }
}

parentPort?.on('message', (job) => {
  load(job).then((sample) => parentPort?.postMessage({ sample }), (error) => parentPort?.postMessage({ error: String(error) }));
});
