// Adds an entry to a list in a TypeScript file, and the import it needs, without touching anything else in it.
import ts from 'typescript';

const parse = (source) => ts.createSourceFile('wiring.ts', source, ts.ScriptTarget.Latest, true);

/** The array written as `name: [...]` or `const name = [...]`; the first one in the file. */
function listNamed(file, name) {
  let found;
  const visit = (node) => {
    if (found !== undefined) return;
    const named = (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && node.name.getText(file) === name;
    if (named && node.initializer !== undefined) found = arrayIn(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function arrayIn(node) {
  if (ts.isArrayLiteralExpression(node)) return node;
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return arrayIn(node.expression);
  return undefined;
}

/** Throws when the file has no such list: a slice that nobody wires would look finished and do nothing. */
export function addToList(source, list, entry, importLine) {
  const file = parse(source);
  const array = listNamed(file, list);
  if (array === undefined) throw new Error(`no list "${list}" to add ${entry} to`);
  const last = array.elements.at(-1);
  const inserted =
    last === undefined ? insert(source, array.getEnd() - 1, entry) : insert(source, last.getEnd(), `,${gapBefore(source, last)}${entry}`);
  const imports = file.statements.filter(ts.isImportDeclaration);
  // Imports stand before every list, so the positions found above still hold for them.
  return insert(inserted, imports.at(-1)?.getEnd() ?? 0, imports.length > 0 ? `\n${importLine}` : `${importLine}\n`);
}

const insert = (text, at, what) => text.slice(0, at) + what + text.slice(at);

/** What stands before the last entry: a space, or a new line with its indentation. */
const gapBefore = (source, last) => (/^\s*\n/.test(last.getFullText()) ? source.slice(last.getFullStart(), last.getStart()) : ' ');
