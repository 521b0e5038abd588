/** Tokens by the key of a platform on this machine. Apart, since it brings the whole platform along and few runs need it. */
import { knownRoles, localIssuer } from '@touchstone/platform';
import { Unusable } from './api.js';

export interface Holder {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

export const issued = async (keyFile: string, holder: Holder, lifetimeSeconds?: number): Promise<string> => (await localIssuer(keyFile)).issue(holder, lifetimeSeconds);

/** Names of roles, separated by commas; throws {@link Unusable} for any that there is not. */
export function rolesNamed(text: string): string[] {
  const roles = text.split(',').map((role) => role.trim()).filter((role) => role !== '');
  const unknown = roles.filter((role) => !knownRoles.includes(role));
  if (unknown.length > 0 || roles.length === 0) throw new Unusable(`${unknown.join(', ') || '--roles'} names no role: there are ${knownRoles.join(', ')}`);
  return roles;
}
