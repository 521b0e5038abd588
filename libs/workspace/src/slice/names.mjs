// The spellings a slice needs of its one name.
import { forbiddenNames } from '../boundaries.mjs';

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const singularOf = (plural) =>
  plural
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/(?<!s)s$/, '');

const pascal = (name) => name.replace(/(^|-)([a-z0-9])/g, (_match, _dash, letter) => letter.toUpperCase());

const camel = (name) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());

const capital = (words) => words.replace(/^./, (letter) => letter.toUpperCase());

/**
 * `audits` → plural, singular, Audit, audit, Audits …
 * Throws when the name is not in kebab case, says nothing, or has no singular of its own.
 */
export function sliceNames(plural, singular = singularOf(plural)) {
  for (const name of [plural, singular]) {
    if (!kebab.test(name)) throw new Error(`"${name}" is not in lower case with hyphens`);
    if (forbiddenNames.includes(name)) throw new Error(`"${name}" says nothing about what lies inside`);
  }
  if (singular === plural) throw new Error(`What is one of "${plural}" called? Say it with --singular`);
  return {
    plural,
    singular,
    Plural: pascal(plural),
    Singular: pascal(singular),
    pluralName: camel(plural),
    // Also the category: a stream is `<category>-<id>`, so it has no hyphen.
    singularName: camel(singular),
    SINGULAR: singular.replaceAll('-', '_').toUpperCase(),
    table: singular.replaceAll('-', '_'),
    words: singular.replaceAll('-', ' '),
    pluralWords: plural.replaceAll('-', ' '),
    Words: capital(plural.replaceAll('-', ' ')),
    article: /^[aeiou]/.test(singular) ? 'an' : 'a',
    Article: /^[aeiou]/.test(singular) ? 'An' : 'A',
  };
}
