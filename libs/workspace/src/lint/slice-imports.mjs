// Lint rule: a slice knows no other slice. Two slices meet in app.module.ts, or through an event in the log.
import { dirname, resolve } from 'node:path';

const inService = /[/\\]services[/\\]([^/\\]+)[/\\]src[/\\]/;

/** The slice a file lies in; undefined for a file outside services or directly in src. */
function sliceOf(file) {
  const match = inService.exec(file);
  if (match === null) return undefined;
  const [first, ...rest] = file.slice(match.index + match[0].length).split(/[/\\]/);
  return rest.length > 0 ? first : undefined;
}

const wiring = /[/\\]src[/\\](app|app\.module|deciders|main)\.(js|ts)$/;

function checker(context) {
  const own = sliceOf(context.filename);
  if (own === undefined) return {};
  const check = (node) => {
    const source = node.source?.value;
    if (typeof source !== 'string' || !source.startsWith('.')) return;
    const target = resolve(dirname(context.filename), source);
    const other = sliceOf(target);
    if (other !== undefined && other !== own) context.report({ node, messageId: 'slice', data: { own, other } });
    if (inService.test(target) && wiring.test(target)) context.report({ node, messageId: 'wiring', data: { own } });
  };
  return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
}

export const sliceImports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      slice: 'The slice {{own}} may not import from the slice {{other}}: react to a public event, or ask a read model in `prepare`.',
      wiring: 'The slice {{own}} may not import the wiring that contains it.',
    },
  },
  create: checker,
};
