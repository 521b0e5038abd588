import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A broker's own certificate for 127.0.0.1 and localhost, and the authority that signed it. */
export interface BrokerCertificate {
  /** PKCS #12, with the key. */
  readonly keystore: string;
  readonly password: string;
  /** PEM file of the authority. */
  readonly caFile: string;
}

/**
 * Made by the JRE's `keytool`, since the broker needs a JRE anyway and Node makes no certificates. `folder` exists and is private.
 * Throws when there is no `keytool`.
 */
export async function brokerCertificate(folder: string): Promise<BrokerCertificate> {
  const program = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'keytool') : 'keytool';
  const password = randomBytes(12).toString('hex');
  const file = (name: string): string => join(folder, name);
  const keytool = (store: string, ...args: string[]) => run(program, [...args, '-keystore', file(store), '-storetype', 'PKCS12', '-storepass', password]);
  const pair = (store: string, name: string, ...args: string[]) => keytool(store, '-genkeypair', '-alias', name, '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', `CN=${name}`, '-validity', '30', ...args);
  const names = ['-ext', 'san=ip:127.0.0.1,dns:localhost'];
  await Promise.all([pair('authority.p12', 'authority', '-ext', 'bc:critical=ca:true'), pair('broker.p12', 'broker', ...names)]);
  await Promise.all([
    keytool('authority.p12', '-exportcert', '-alias', 'authority', '-rfc', '-file', file('authority.pem')),
    keytool('broker.p12', '-certreq', '-alias', 'broker', '-file', file('broker.csr')),
  ]);
  await keytool('authority.p12', '-gencert', '-alias', 'authority', '-infile', file('broker.csr'), '-outfile', file('broker.pem'), '-rfc', '-validity', '30', ...names);
  await keytool('broker.p12', '-importcert', '-noprompt', '-alias', 'authority', '-file', file('authority.pem'));
  await keytool('broker.p12', '-importcert', '-noprompt', '-alias', 'broker', '-file', file('broker.pem'));
  return { keystore: file('broker.p12'), password, caFile: file('authority.pem') };
}
