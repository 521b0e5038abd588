// Lint rule for decider.ts and events.ts: what decides may know only its siblings, the pure libraries and the contracts.
// Commands come as types: at run time a command class brings its validator along.

const pureLibraries = /^@touchstone\/(kernel|ledger|statistics|loyalty|contracts)(\/|$)/;
const schemas = /^@sinclair\/typebox$/;
const sibling = /^\.\/[^/]+\.js$/;

export const deciderImports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      foreign: '`{{source}}` is neither a sibling, a pure library nor a contract.',
      commands: 'Import commands by `import type`: a decider needs their shape, not their validators.',
    },
  },
  create(context) {
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      if (sibling.test(source)) {
        const typeOnly = node.importKind === 'type' || node.exportKind === 'type';
        if (/commands\.js$/.test(source) && !typeOnly) context.report({ node, messageId: 'commands' });
        return;
      }
      if (!pureLibraries.test(source) && !schemas.test(source)) context.report({ node, messageId: 'foreign', data: { source } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};
