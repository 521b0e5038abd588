import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaPrograms } from '@touchstone/messaging/local-kafka';
import { openLog } from '@touchstone/platform';
import { allServices } from '../services.js';
import type { Cluster, ClusterOptions } from './cluster.js';
import { startCluster } from './cluster.js';

const programs = process.env['TOUCHSTONE_KAFKA_BROKERS'] === undefined ? await kafkaPrograms() : {};

/** `describe` where there is Kafka; else skipped, with the reason in its name. */
export const describeWithKafka = (name: string, specs: () => void): void => ('why' in programs ? describe.skip(`${name} (skipped: ${programs.why})`, specs) : describe(name, specs));

/** A folder for clusters of one spec file, in which compiled sources stay from one start of a process to the next. */
export class ClusterFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'touchstone-cluster-'));

  start(name: string, options: Partial<ClusterOptions> = {}): Promise<Cluster> {
    const keptCode = new URL('../kept-code.spec-kit.mjs', import.meta.url);
    keptCode.searchParams.set('folder', this.path);
    return startCluster({
      dataDir: join(this.path, name), services: allServices, log: openLog('fatal'), output: openSync(this.logOf(name), 'a'),
      nodeOptions: ['--conditions=@touchstone/source', '--import', keptCode.href], ...options,
    });
  }

  /** What the services of a cluster have said. */
  log(name: string): string {
    return readFileSync(this.logOf(name), 'utf8');
  }

  private logOf(name: string): string {
    return join(this.path, `${name}.log`);
  }
}
