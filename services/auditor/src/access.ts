import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unusable } from './api.js';
import type { Holder } from './issuer.js';

export interface AccessOptions {
  readonly token?: string;
  readonly tokenFile?: string;
  /** Folder of a platform on this machine. */
  readonly data?: string;
}

/** The token to send: given, read from a file, or issued by the platform's own key, which whoever runs it here may read. */
export async function tokenFor({ token, tokenFile, data }: AccessOptions, roles: readonly string[]): Promise<string | undefined> {
  if (token !== undefined) return token;
  if (tokenFile !== undefined) return readToken(tokenFile);
  return data === undefined ? undefined : issueToken(data, { id: 'auditor-cli', roles });
}

/** Throws {@link Unusable} where the folder has no key: a key that the platform does not have would sign for nobody. */
export async function issueToken(data: string, holder: Holder, lifetimeSeconds?: number): Promise<string> {
  const keyFile = join(data, 'issuer-key.pem');
  if (!existsSync(keyFile)) throw new Unusable(`${keyFile} is not there: give --data the folder that the platform was started with`);
  return (await import('./issuer.js')).issued(keyFile, holder, lifetimeSeconds);
}

/** Throws {@link Unusable} for a role that there is not. */
export const rolesNamed = async (text: string): Promise<string[]> => (await import('./issuer.js')).rolesNamed(text);

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Unusable(`--token-file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
