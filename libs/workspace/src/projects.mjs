// The projects of this repository, read from their package.json files: no Nx needed, so its graph can be checked against this.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every project below `root`: name without scope, folder relative to `root`, tags and target names. */
export function projects(root) {
  return ['libs', 'services']
    .flatMap((group) => (existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => `${group}/${name}`) : []))
    .concat('infra')
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name, nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return { name: name.replace('@touchstone/', ''), folder, tags: nx?.tags ?? [], targets: Object.keys(nx?.targets ?? {}) };
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}
