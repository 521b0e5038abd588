import type { Actor } from '@touchstone/kernel';

/** The people and systems of the company. Each acts under his own token; who approves is never who wrote. */
export const people = {
  planner: { id: 'p.lindner', name: 'Petra Lindner', roles: ['quality-engineer'] },
  manager: { id: 'm.okafor', name: 'Michael Okafor', roles: ['quality-manager'] },
  engineer: { id: 'e.sandoval', name: 'Elena Sandoval', roles: ['quality-engineer'] },
  inspector: { id: 'i.brandt', name: 'Ines Brandt', roles: ['inspector'] },
  secondInspector: { id: 'j.novak', name: 'Jan Novak', roles: ['inspector'] },
  process: { id: 'o.haugen', name: 'Ola Haugen', roles: ['process-owner'] },
  care: { id: 'c.dubois', name: 'Claire Dubois', roles: ['customer-care'] },
  analyst: { id: 'a.rahman', name: 'Aisha Rahman', roles: ['analyst'] },
  auditor: { id: 'u.weber', name: 'Uwe Weber', roles: ['auditor'] },
  mes: { id: 'client:mes', roles: ['integration'] },
  erp: { id: 'client:erp', roles: ['integration'] },
  crm: { id: 'client:crm', roles: ['integration'] },
  shop: { id: 'client:shop', roles: ['integration'] },
  importer: { id: 'client:import', roles: ['importer'] },
} as const satisfies Record<string, Actor>;

export type Person = keyof typeof people;
