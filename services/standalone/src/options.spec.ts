import { BadOption, clusterHelp, clusterOptions, demoHelp, demoOptions, startHelp, startOptions } from './options.js';

describe('the options of npm start', () => {
  it('have defaults, and each can be given', () => {
    expect(startOptions([])).toEqual({ data: 'touchstone-data', port: 7400, logLevel: 'info' });
    expect(startOptions(['--data', 'here', '--port', '0', '--log', 'warn', '--simulated-clock', '2026-07-01T02:00:00+02:00']))
      .toEqual({ data: 'here', port: 0, logLevel: 'warn', simulatedClock: '2026-07-01T00:00:00.000Z' });
  });

  it('say what they are', () => {
    expect(startOptions(['--help'])).toBe('help');
    expect(demoOptions(['--help'])).toBe('help');
    for (const option of ['--data', '--port', '--simulated-clock', '--log']) expect(startHelp).toContain(option);
    for (const option of ['--data', '--port', '--seed', '--serve', '--json']) expect(demoHelp).toContain(option);
  });

  it.each([
    ['an unknown option', ['--prot', '7400']], ['a value that nobody asked for', ['7400']], ['a port that is none', ['--port', '65536']],
    ['a port in words', ['--port', 'any']], ['a level that pino does not know', ['--log', 'loud']],
    ['a clock without a zone', ['--simulated-clock', '2026-07-01T00:00:00']], ['a day that no calendar has', ['--simulated-clock', '2026-02-30T00:00:00Z']],
  ])('refuse %s', (_what, args) => {
    expect(() => startOptions(args)).toThrow(BadOption);
  });
});

describe('the options of npm run demo', () => {
  it('have defaults, and each can be given', () => {
    expect(demoOptions([])).toEqual({ data: 'touchstone-demo', port: 7400, seed: 7, serve: false, json: false });
    expect(demoOptions(['--data', 'x', '--port', '1', '--seed', '0', '--serve', '--json'])).toEqual({ data: 'x', port: 1, seed: 0, serve: true, json: true });
  });

  it.each([['-1'], ['1.5'], ['seven'], ['9007199254740992']])('refuse the seed %s', (seed) => {
    expect(() => demoOptions([`--seed=${seed}`])).toThrow('--seed must be a whole number from 0');
  });
});

describe('the options of npm run cluster', () => {
  it('have defaults, and each can be given', () => {
    expect(clusterOptions([])).toEqual({ data: 'touchstone-cluster', port: 7400, logLevel: 'info' });
    expect(clusterOptions(['--data', 'x', '--port', '0', '--log', 'debug'])).toEqual({ data: 'x', port: 0, logLevel: 'debug' });
    expect(clusterOptions(['--help'])).toBe('help');
    for (const option of ['--data', '--port', '--log', '--demo', '--seed', '--serve', '--json']) expect(clusterHelp).toContain(option);
  });

  it('take those of the demonstration with --demo only', () => {
    expect(clusterOptions(['--demo', '--seed', '3', '--json'])).toEqual({
      data: 'touchstone-cluster-demo', port: 7400, logLevel: 'warn', demo: { data: 'touchstone-cluster-demo', port: 7400, seed: 3, json: true, serve: false },
    });
    for (const args of [['--seed', '3'], ['--json'], ['--serve'], ['--demo', '--seed', 'x'], ['--simulated-clock', '2026-07-01T00:00:00Z']]) expect(() => clusterOptions(args)).toThrow(BadOption);
  });
});
