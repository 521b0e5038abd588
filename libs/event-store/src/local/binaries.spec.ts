import { accessSync, constants } from 'node:fs';
import { postgresBinaries, runAs } from './binaries.js';

describe('the binaries of PostgreSQL', () => {
  it('came with npm and can be run by whom they are run as', () => {
    const { initdb, postgres } = postgresBinaries(runAs());
    for (const program of [initdb, postgres]) expect(() => accessSync(program, constants.X_OK)).not.toThrow();
  });
  it('are never run as root', () => {
    expect(runAs()?.uid).not.toBe(0);
  });
});
