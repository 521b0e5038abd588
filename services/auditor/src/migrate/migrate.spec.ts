import { randomBytes } from 'node:crypto';
import { openPostgresStore } from '@touchstone/event-store';
import { asOwner, testDatabase } from '@touchstone/testing';
import { touchstone } from '../canned.spec-kit.js';

const service = `plant_${randomBytes(4).toString('hex')}`;
const PASSWORD = `TOUCHSTONE_DATABASE_PASSWORD_${service.toUpperCase()}`;

describe('touchstone migrate', () => {
  let owner: string;
  // Before the server is stopped, which was asked for later: a lent one keeps nothing of this.
  afterAll(() => asOwner(owner, [`drop database if exists ${service} with (force)`, `drop role if exists ${service}_app`]));
  const databases = testDatabase();

  beforeAll(async () => {
    owner = (await databases.empty()).ownerUrl;
  });

  const migrating = (args: readonly string[], env: Record<string, string> = {}) => touchstone(['migrate', service, ...args], { env: { TOUCHSTONE_OWNER_URL: owner, ...env } });
  const applicationUrl = (password: string) => Object.assign(new URL(owner), { pathname: `/${service}`, username: `${service}_app`, password }).href;

  it('says what to do where there is no database yet', async () => {
    const { code, err } = await migrating(['--deployment', 'graz']);
    expect([code, err]).toEqual([2, `touchstone: there is no database ${service}: make it, with the role ${service}_app, or let --create do both\n`]);
  });

  it('makes database and role with --create, and brings the schema to the newest', async () => {
    const { code, out } = await migrating(['--deployment', 'graz', '--create', '--json'], { [PASSWORD]: "it's secret" });
    expect(code).toBe(0);
    const [done] = JSON.parse(out) as [{ schema: { before: number; now: number } }];
    expect(done).toMatchObject({ service, database: service, role: `${service}_app`, logId: `${service}.graz.1`, schema: { before: 0 } });
    expect(done.schema.now).toBeGreaterThan(0);
  });

  it('leaves a log that the application role can open and append to, and nothing more', async () => {
    const store = await openPostgresStore({ url: applicationUrl("it's secret") });
    expect([store.logId, await store.head()]).toEqual([`${service}.graz.1`, 0]);
    await expect(store.pool.query('delete from event')).rejects.toThrow('permission denied');
    await store.close();
  });

  it('changes nothing when it is repeated; the log keeps its name', async () => {
    const { code, out } = await migrating(['--deployment', 'elsewhere', '--json']);
    const [done] = JSON.parse(out) as [{ logId: string; schema: { before: number; now: number } }];
    expect([code, done.logId, done.schema.before]).toEqual([0, `${service}.graz.1`, done.schema.now]);
  });

  it('tells it as a table', async () => {
    expect((await migrating(['--deployment', 'graz'])).out).toMatch(new RegExp(`^service +database +role +log +schema\\n[-  ]+\\n${service} +${service} +${service}_app +${service}\\.graz\\.1 +\\d+\\n$`));
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['no owner', ['--deployment', 'graz'], { TOUCHSTONE_OWNER_URL: '' }, /the owner's address must be postgres:\/\//], ['no deployment', [], {}, /--deployment/],
    ['a deployment that cannot be part of an id', ['--deployment', 'Graz.1'], {}, /small letters/], ['no password for a role that is to be made', ['--deployment', 'graz', '--create'], {}, new RegExp(PASSWORD)],
  ])('refuses %s', async (_what, args, env, said) => {
    const { code, err } = await migrating(args, env);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });

  it('fails with a code, and without the password, where the server is not there', async () => {
    const { code, err } = await migrating(['--deployment', 'graz'], { TOUCHSTONE_OWNER_URL: 'postgres://owner:hunter2@127.0.0.1:1/postgres' });
    expect(code).toBe(1);
    expect(err).toContain('ECONNREFUSED');
    expect(err).not.toContain('hunter2');
  });
});
