import { createHmac, generateKeyPairSync, createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, importJWK, SignJWT } from 'jose';
import type { LocalIssuer, VerifyToken } from './identity.js';
import { LOCAL_ISSUER, localIssuer, remoteVerifier, Unauthenticated } from './identity.js';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-issuer-'));
let local: LocalIssuer;
beforeAll(async () => { local = await localIssuer(join(folder, 'issuer.pem')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (value: object | string) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claims = (change: object = {}) => ({ ...LOCAL_ISSUER, iss: LOCAL_ISSUER.issuer, aud: LOCAL_ISSUER.audience, sub: 'ada', exp: 4_102_444_800, roles: ['auditor'], ...change });
const stranger = generateKeyPairSync('ed25519');

const signed = (payload: object, key = stranger.privateKey) => new SignJWT({ ...payload }).setProtectedHeader({ alg: 'EdDSA' }).sign(key);

describe('the local issuer', () => {
  it('knows its own tokens again, also after a restart, and says who acts', async () => {
    const token = await local.issue({ id: 'ada', name: 'Ada Muster', roles: ['auditor', 'inspector'] });
    const restarted = await localIssuer(join(folder, 'issuer.pem'));
    expect(await restarted.verify(token)).toEqual({ id: 'ada', name: 'Ada Muster', roles: ['auditor', 'inspector'] });
  });

  it('keeps its key where only its owner reads', () => {
    expect(statSync(join(folder, 'issuer.pem')).mode & 0o777).toBe(0o600);
  });

  it('refuses a token that another key has signed', async () => {
    await expect(local.verify(await signed(claims()))).rejects.toThrow(Unauthenticated);
  });

  it('refuses a token whose content was changed under its signature', async () => {
    const [header, , signature] = (await local.issue({ id: 'ada', roles: ['inspector'] })).split('.');
    await expect(local.verify(`${header}.${base64(claims({ roles: ['quality-manager'] }))}.${signature}`)).rejects.toThrow(Unauthenticated);
  });

  it('refuses a token that has expired', async () => {
    await expect(local.verify(await local.issue({ id: 'ada', roles: [] }, -1))).rejects.toThrow(Unauthenticated);
  });

  it('refuses algorithm none', async () => {
    await expect(local.verify(`${base64({ alg: 'none' })}.${base64(claims())}.`)).rejects.toThrow(Unauthenticated);
  });

  it('refuses HS256 keyed with what everybody can read, the public key', async () => {
    const { keys: [jwk] } = await local.jwks();
    const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' });
    for (const secret of [publicKey.export({ type: 'spki', format: 'pem' }), publicKey.export({ type: 'spki', format: 'der' }), Buffer.from((jwk as { x: string }).x, 'base64url')]) {
      const content = `${base64({ alg: 'HS256' })}.${base64(claims())}`;
      await expect(local.verify(`${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`)).rejects.toThrow(Unauthenticated);
    }
  });

  it.each(['system:control:hold', 'system:', ''])('lets nobody act as %p', async (id) => {
    await expect(local.verify(await local.issue({ id, roles: ['auditor'] }))).rejects.toThrow(Unauthenticated);
  });

  it.each(['', 'a', 'a.b.c', '...'])('refuses %p', async (token) => {
    await expect(local.verify(token)).rejects.toThrow(Unauthenticated);
  });
});

describe('an issuer over the network', () => {
  let verify: VerifyToken;
  const issuer = { issuer: 'https://id.example', audience: 'touchstone' };
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = createServer((_, response) => {
    void exportJWK(pair.publicKey).then((jwk) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [{ ...jwk, alg: 'ES256', kid: '1' }] })));
  });
  beforeAll(async () => {
    await new Promise<void>((listening) => keys.listen(0, '127.0.0.1', listening));
    verify = remoteVerifier({ ...issuer, jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks` });
  });
  afterAll(() => new Promise((closed) => { keys.close(closed); keys.closeAllConnections(); }));

  const token = (change: object = {}, header: object = {}) =>
    new SignJWT({ iss: issuer.issuer, aud: issuer.audience, sub: 'ada', exp: 4_102_444_800, roles: ['auditor', 7], ...change }).setProtectedHeader({ alg: 'ES256', kid: '1', ...header }).sign(pair.privateKey);

  it('is believed about roles that are texts', async () => {
    expect(await verify(await token())).toEqual({ id: 'ada', roles: ['auditor'] });
    expect(await verify(await token({ roles: 'auditor' }))).toEqual({ id: 'ada', roles: [] });
  });

  it.each<[string, object]>([
    ['another audience', { aud: 'somebody-else' }], ['another issuer', { iss: 'https://evil.example' }], ['no end', { exp: undefined }],
    ['no subject', { sub: undefined }], ['an end in the past', { exp: 1_600_000_000 }], ['a beginning in the future', { nbf: 4_102_444_000 }], ['the name of the platform', { sub: 'system:relay' }],
  ])('is not believed with %s', async (_, change) => {
    await expect(verify(await token(change))).rejects.toThrow(Unauthenticated);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['answers with an error', (response) => response.writeHead(500).end()], ['answers with something else', (response) => response.end('<html>')],
    ['hangs up', (response) => response.destroy()],
  ])('that %s is unreachable, which is no fault of the token', async (_, answer) => {
    const broken = createServer((__, response) => answer(response));
    await new Promise<void>((listening) => broken.listen(0, '127.0.0.1', listening));
    const unsure = remoteVerifier({ ...issuer, jwksUrl: `http://127.0.0.1:${(broken.address() as AddressInfo).port}/jwks` });
    await expect(unsure(await token())).rejects.toMatchObject({ code: 'ISSUER_UNREACHABLE', status: 503 });
    await new Promise((closed) => { broken.close(closed); broken.closeAllConnections(); });
    await expect(unsure(await token())).rejects.toMatchObject({ code: 'ISSUER_UNREACHABLE' });
  });

  it('is not believed on a secret it shares with everybody', async () => {
    const secret = await importJWK({ kty: 'oct', k: base64(JSON.stringify(await exportJWK(pair.publicKey))) }, 'HS256');
    const forged = await new SignJWT({ iss: issuer.issuer, aud: issuer.audience, sub: 'ada', exp: 4_102_444_800 }).setProtectedHeader({ alg: 'HS256', kid: '1' }).sign(secret);
    await expect(verify(forged)).rejects.toThrow(Unauthenticated);
  });
});
