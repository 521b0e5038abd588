import { openSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLog } from '@touchstone/platform';
import { ServiceProcess } from './service-process.js';

describe('a service process that ends again and again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-service-process-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const endless = (): ServiceProcess => new ServiceProcess({
    name: 'control', environment: () => ({}), nodeOptions: ['--eval', 'process.exit(7)', '--'], output: openSync(join(folder, 'log'), 'a'), log: openLog('silent'), firstBackOffMs: 1,
  });

  it('is started six times, each later than the one before, and then given up, with how it ended', async () => {
    const service = endless();
    service.start();
    for (const until = Date.now() + 30_000; !service.state.includes('not started any more') && Date.now() < until; ) await pause(20);
    expect(service.state).toBe('ended 6 times in a row, at last with exit code 7: it is not started any more');
    expect(service.port).toBeUndefined();
    await expect(service.ready(0)).rejects.toThrow('control is not ready within 0 s: ended 6 times in a row');
    await service.stop();
  });

  it('is left alone when it is stopped while it waits to be started again', async () => {
    const service = endless();
    service.start();
    for (const until = Date.now() + 30_000; !service.state.includes('to be started again') && Date.now() < until; ) await pause(1);
    await service.stop();
    expect(service.state).toBe('stopped');
  });
});
