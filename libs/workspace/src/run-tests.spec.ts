import { addUp } from './run-tests.mjs';

describe('the sum of all test reports', () => {
  it('adds up what each project counted, and names what was skipped', () => {
    const reports = { kernel: { passed: 3, failed: 0, skipped: [] }, e2e: { passed: 1, failed: 2, skipped: ['Kafka: no Java here'] } };
    expect(addUp(reports)).toEqual({ passed: 4, failed: 2, skipped: ['e2e: Kafka: no Java here'] });
  });

  it('counts a project that left no report as a failure', () => {
    expect(addUp({ kernel: { passed: 3, failed: 0, skipped: [] }, ledger: undefined })).toMatchObject({ passed: 3, failed: 1 });
  });
});
