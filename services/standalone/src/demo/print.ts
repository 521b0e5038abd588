import type { Findings } from './findings.js';

/** The findings as a quality manager would want them told. */
export function print(findings: Findings, data: string): string {
  const { imported, company, drift, held, corrected, refusals, badLot, loop, readModels, documents, timings, policies, events, ids } = findings;
  const n = (count: number) => count.toLocaleString('en-US');
  const refusal = refusals.find(({ code }) => code === 'QUANTITY_NOT_FREE');
  const unequal = readModels.filter(({ equal }) => !equal);
  const seconds = Object.values(timings).reduce((sum, ms) => sum + ms, 0) / 1_000;
  return `
Real data, through the public bulk interface
${imported.map(({ name, service, lines, accepted, refused }) => `  ${name.padEnd(24)} ${service.padEnd(9)} ${n(lines).padStart(6)} lines  ${n(accepted).padStart(6)} accepted  ${refused} not`).join('\n')}

A company, ${n(company.accounts)} accounts, ${n(company.lots)} lots, ${n(company.measurements)} measurements, ${n(company.deliveries)} deliveries, ${n(company.purchases)} purchases
  Drift inside the tolerance   ${drift.signals} signals on the ring's diameter, ${drift.tasks} tasks from its reaction plan, ${drift.nonconformities} nonconformities
  Out of specification         lot ${held.lot}: ${held.held} of ${held.quantity} pieces on hold, the rest released
  A release refused            ${refusal ? `${refusal.code} to ${refusal.who}` : 'none'}
                               npx touchstone why ${refusal ? `${refusal.refusalId}` : ''} --data ${data}
  A value corrected            ${corrected.was} → ${corrected.now}, both visible
                               npx touchstone history ${corrected.stream} --data ${data}
  A bad lot that had shipped   ${badLot.lot}, found by a late inspection: it reached ${badLot.reached.length} accounts
    promises kept to them      ${badLot.promiseKeptExposed}; to the others ${badLot.promiseKeptOthers}
    at risk of leaving         ${badLot.churnRiskExposed}; of the others ${badLot.churnRiskOthers}
    corrective action          capa-${ids.capaId}, from proposal to verified effectiveness
  Complaints ${n(company.complaints)}, cases ${n(company.cases)}, nonconformities ${company.nonconformities}, control signals ${company.signals}
  Loyalty decided ${n(company.assessments)} times, ${policies.map(({ version, assessments }) => `${n(assessments)} by policy version ${version}`).join(', ')}
  Other refusals               ${refusals.filter((each) => each !== refusal).map(({ code, who }) => `${code} (${who})`).join(', ')}

The loop, event by event
${loop.map(({ occurredAt, event, actor }) => `  ${occurredAt.slice(0, 16).replace('T', ' ')}  ${event.replace(/\.v\d+$/, '').padEnd(38)} ${actor}`).join('\n')}

Events in the logs             ${Object.entries(events).map(([service, { own, ingested }]) => `${service} ${n(own)} own + ${n(ingested)} taken in`).join(', ')}
Read models                    ${unequal.length === 0 ? `all ${readModels.length} rebuilt from zero, equal bit for bit` : `NOT EQUAL: ${unequal.map(({ service, name }) => `${service}/${name}`).join(', ')}`}
Documents                      ${documents.eightD}
                               ${documents.timeline}
Time                           ${seconds.toFixed(1)} s: ${Object.entries(timings).map(([what, ms]) => `${what.replace(/Ms$/, '')} ${(ms / 1_000).toFixed(1)}`).join(', ')}
API                            ${findings.api} (with --serve it keeps running; later: npm start -- --data ${data} --simulated-clock 2026-07-01T00:00:00Z)
`;
}
