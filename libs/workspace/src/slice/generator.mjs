// `nx g slice <service> <name>`: a new stream category in a service. It writes one folder, wires it into the service, and
// leaves a first command with a test that passes, so that the next edit starts from green.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import devkit from '@nx/devkit';
import { sliceNames } from './names.mjs';
import { addToList } from './wiring.mjs';

const files = join(dirname(fileURLToPath(import.meta.url)), 'files');

/** @param {import('@nx/devkit').Tree} tree @param {{ service: string, name: string, singular?: string }} options */
export default async function slice(tree, { service, name, singular }) {
  const names = sliceNames(name, singular);
  const source = `services/${service}/src`;
  const folder = `${source}/${names.plural}`;
  if (!tree.exists(source)) throw new Error(`there is no service ${service}: ${source} is missing`);
  if (tree.exists(folder)) throw new Error(`${folder} exists already`);

  devkit.generateFiles(tree, files, folder, { ...names, service });
  wire(tree, `${source}/app.module.ts`, 'slices', `${names.pluralName}Module`, `./${names.plural}/${names.plural}.module.js`);
  append(tree, `${source}/deciders.ts`, `export { ${names.singularName} } from './${names.plural}/decider.js';\n`);
  return () => {
    console.log(`${folder} is wired and its tests pass: begin with its decider.spec.ts.`);
    console.log(`Nobody may use it yet: grant ${names.singularName}.register to a role in libs/platform/src/permissions.ts.`);
  };
}

function wire(tree, path, list, entry, from) {
  tree.write(path, addToList(read(tree, path), list, entry, `import { ${entry} } from '${from}';`));
}

const append = (tree, path, line) => tree.write(path, read(tree, path).replace(/^export \{\};\n/, '') + line);

function read(tree, path) {
  if (!tree.exists(path)) throw new Error(`${path} is missing: a slice that nobody wires would look finished and do nothing`);
  return tree.read(path, 'utf-8');
}
