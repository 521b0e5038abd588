import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { JWTPayload } from 'jose';
import { createRemoteJWKSet, errors, exportJWK, jwtVerify, SignJWT } from 'jose';
import type { Actor } from '@touchstone/kernel';
import { CodedError } from '@touchstone/event-store';

/** Turns a bearer token into an actor, or throws {@link Unauthenticated}. */
export type VerifyToken = (token: string) => Promise<Actor>;

export class Unauthenticated extends CodedError {
  readonly code = 'UNAUTHENTICATED';
  readonly status = 401;
}

/** Nobody's fault who asks: the keys that his token would be checked by cannot be had. */
export class IssuerUnreachable extends CodedError {
  readonly code = 'ISSUER_UNREACHABLE';
  readonly status = 503;
}

export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
}

export const LOCAL_ISSUER: Issuer = { issuer: 'touchstone-local', audience: 'touchstone' };

/** Tokens of an OpenID Connect issuer: RS256/ES256/EdDSA by its published keys; issuer, audience and times are checked. */
export function remoteVerifier({ issuer, audience, jwksUrl }: Issuer & { jwksUrl: string }): VerifyToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  return remembering(async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], requiredClaims: ['sub', 'exp'] }).catch(unreachableOrRefused);
    return payload;
  });
}

export interface LocalIssuer {
  readonly verify: VerifyToken;
  /** A token for one actor. Whoever can read the key file can make one: it is the operator's, on his own machine. */
  issue(actor: Actor, lifetimeSeconds?: number): Promise<string>;
  jwks(): Promise<{ keys: object[] }>;
}

/** An issuer on this machine, its key in a file that only its owner may read. For a platform bound to loopback, never for production. */
export async function localIssuer(keyFile: string): Promise<LocalIssuer> {
  if (!existsSync(keyFile)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  const privateKey = createPrivateKey(readFileSync(keyFile));
  const publicKey = createPublicKey(privateKey);
  const jwk = await exportJWK(publicKey);
  return {
    verify: remembering(async (token) => {
      const { payload } = await jwtVerify(token, publicKey, { ...LOCAL_ISSUER, algorithms: ['EdDSA'], requiredClaims: ['sub', 'exp'] }).catch(refuse);
      return payload;
    }),
    issue: ({ id, name, roles }, lifetimeSeconds = 12 * 3_600) =>
      new SignJWT({ roles, ...(name !== undefined && { name }) })
        .setProtectedHeader({ alg: 'EdDSA' }).setSubject(id).setIssuer(LOCAL_ISSUER.issuer).setAudience(LOCAL_ISSUER.audience)
        .setIssuedAt().setExpirationTime(`${lifetimeSeconds}s`).sign(privateKey),
    jwks: () => Promise.resolve({ keys: [{ ...jwk, alg: 'EdDSA', use: 'sig' }] }),
  };
}

const MAX_REMEMBERED = 1_000;

/** A token that was found good stays so until it expires: its signature is checked once. */
function remembering(check: (token: string) => Promise<JWTPayload>): VerifyToken {
  const known = new Map<string, { readonly actor: Actor; readonly expiresAtMs: number }>();
  return async (token) => {
    const found = known.get(token);
    if (found && Date.now() < found.expiresAtMs) return found.actor;
    known.delete(token);
    const payload = await check(token);
    const actor = actorOf(payload);
    if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value ?? '');
    known.set(token, { actor, expiresAtMs: (payload.exp ?? 0) * 1_000 });
    return actor;
  };
}

const refuse = (cause: unknown): never => {
  throw new Unauthenticated('the token is not valid here: it must be signed by the configured issuer, for this audience, and in date', { cause });
};

/** By jose's codes: no answer in time, another answer than 200, an answer that is no key set; or the fetch itself failed. */
const KEYS_NOT_HAD = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'];

const unreachableOrRefused = (cause: unknown): never => {
  if (cause instanceof errors.JOSEError && !KEYS_NOT_HAD.includes(cause.code)) return refuse(cause);
  throw new IssuerUnreachable("the keys of the configured issuer cannot be fetched (TOUCHSTONE_JWKS_URL): no token can be checked", { cause });
};

function actorOf(payload: JWTPayload): Actor {
  const { sub, name, roles } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.startsWith('system:')) throw new Unauthenticated('the token names no person or client (claim sub)');
  return { id: sub, ...(typeof name === 'string' && { name }), roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [] };
}
