/**
 * Who may do what. A permission is `<thing>.<act>`; a role lists permissions, `*` standing for any thing or any act. What no
 * role gives is denied. Roles come with the token; authority by site and by date are events of a later day.
 */
const roles: Readonly<Record<string, readonly string[]>> = {
  inspector: ['*.read', 'lot.register', 'lot.hold', 'inspection.*', 'nonconformity.report', 'task.*'],
  'quality-engineer': ['*.read', 'item.*', 'controlPlan.draft', 'controlPlan.note', 'lot.*', 'inspection.*', 'chart.*', 'task.*', 'nonconformity.*', 'capa.*'],
  'quality-manager': ['*.read', 'item.*', 'controlPlan.*', 'lot.*', 'inspection.*', 'chart.*', 'task.*', 'nonconformity.*', 'capa.*', 'policy.*', 'case.*'],
  'process-owner': ['*.read', 'lot.hold', 'controlPlan.draft', 'controlPlan.note', 'task.*', 'capa.*', 'nonconformity.report'],
  logistics: ['*.read', 'lot.hold', 'delivery.*'],
  'customer-care': ['*.read', 'lot.hold', 'account.*', 'purchase.*', 'complaint.*', 'case.*'],
  'data-protection': ['*.read', 'erasure.*'],
  analyst: ['*.read', 'policy.propose', 'loyalty.*', 'exposure.*'],
  auditor: ['*.read', 'personal.reveal', 'readModel.rebuild'],
  importer: ['bulk.migrate', 'position.read'],
  integration: ['bulk.live', 'position.read'],
  operator: ['readModel.*', 'parked.*', 'position.read', 'epoch.*', 'clock.move'],
};

export const knownRoles: readonly string[] = Object.keys(roles);

export const mayDo = (actorRoles: readonly string[], permission: string): boolean =>
  actorRoles.some((role) => (Object.hasOwn(roles, role) ? (roles[role] ?? []) : []).some((granted) => covers(granted, permission)));

function covers(granted: string, wanted: string): boolean {
  const [thing = '', act = ''] = granted.split('.');
  const [wantedThing = '', wantedAct = ''] = wanted.split('.');
  return (thing === '*' || thing === wantedThing) && (act === '*' || act === wantedAct);
}
