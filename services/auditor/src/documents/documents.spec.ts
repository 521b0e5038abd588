import { derivedId } from '@touchstone/kernel';
import { hashOf } from '@touchstone/ledger';
import { CannedPlatform, recorded } from '../canned.spec-kit.js';
import { Unusable } from '../api.js';
import { HttpApi } from '../http-api.js';
import type { SeenEvent } from '../recorded.js';
import { collectEightD, collectTimeline, customerTimeline, eightD } from './index.js';
import type { EightDData, TimelineData } from './index.js';
import { markup } from './markup.js';

const capaId = derivedId('capa', 'spec');
const at = (hour: number): { occurredAt: string; recordedAt: string } => ({ occurredAt: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`, recordedAt: `2026-03-01T${String(hour).padStart(2, '0')}:00:01.000Z` });
const capaEvent = (version: number, type: string, data: object, actor = 'ada'): SeenEvent => recorded(`capa-${capaId}@${version}`, `assurance.${type}.v1`, { capaId, ...data }, { ...at(version), actor });

const proposed = capaEvent(1, 'CapaProposed', { nonconformityId: 'n', itemId: 'i', lotId: 'l', why: 'severity', problem: 'diameter <within> limits' }, 'system:assurance:propose');
const opened = capaEvent(2, 'CapaOpened', { owner: 'ada', team: ['ada', 'grace'], dueAt: '2026-04-01T00:00:00.000Z' }, 'max');
const planned = (version: number): SeenEvent =>
  capaEvent(version, 'CapaPlanned', { actions: [{ action: 'change insert', owner: 'grace' }], criterion: { metric: 'rings out', threshold: '0', comparison: 'at-most' }, windowDays: 30, plannedBy: 'ada' });
const dataOf = (capa: readonly SeenEvent[], more: Partial<EightDData> = {}): EightDData => ({ capaId, capa, nonconformity: [], lot: [], exposure: [], controlPlan: [], signers: {}, ...more });

/** The text of one discipline, tags gone. */
const textOf = (html: string): string => html.replace(/<style>[^]*<\/style>/, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const discipline = (html: string, code: string): string => textOf(new RegExp(`<h2 id="${code}">[^]*?</section>`).exec(html)?.[0] ?? '');

describe('markup', () => {
  it('escapes every text and leaves alone what was escaped before', () => {
    const inner = markup`<b>${'a<b>&"\''}</b>`;
    expect(markup`<p title="${'"x'}">${inner}${[1, undefined, 'é']}</p>`.html).toBe('<p title="&quot;x"><b>a&lt;b&gt;&amp;&quot;&#39;</b>1é</p>');
  });

  it('replaces what a page cannot hold', () => {
    expect(markup`${'a\u0000b\u001bc\ud800d\u202ee\tf\ng'}`.html).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\tf\ng');
  });
});

describe('an 8D report', () => {
  it('has all eight disciplines, and says plainly what is not yet there', () => {
    const html = eightD(dataOf([proposed]));
    expect([...html.matchAll(/<h2 id="(D\d)">/g)].map(([, code]) => code)).toEqual(['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8']);
    for (const code of ['D1', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8']) expect(discipline(html, code)).toContain('Not yet.');
    expect(discipline(html, 'D2')).toMatch(/diameter &lt;within&gt; limits/);
    expect(discipline(html, 'D2')).not.toContain('Not yet');
  });

  it('is signed: name where it may be read, role, meaning, both times, event and hash', () => {
    const html = eightD(dataOf([proposed, opened], { signers: { [opened.meta.commandId]: { id: 'max', name: 'Max Muster', roles: ['quality-manager'] } } }));
    expect(discipline(html, 'D1')).toContain('Max Muster (max), quality-manager, opened the corrective action. True from 2026-03-01 02:00:00 UTC , known from 2026-03-01 02:00:01 UTC');
    expect(discipline(html, 'D1')).toContain(`assurance/capa-${capaId}@2 , event ${opened.id} , SHA-256 ${hashOf(opened.data).slice(0, 12)}`);
    expect(discipline(html, 'D2')).toContain('The platform (system:assurance:propose) proposed the corrective action');
    const hidden = eightD(dataOf([proposed, opened], { signers: { [opened.meta.commandId]: { id: 'max', name: '[personal]', roles: [] } } }));
    expect(discipline(hidden, 'D1')).toContain('max opened the corrective action');
  });

  it('tells what the plan is judged by, and that nobody has approved it yet', () => {
    const text = discipline(eightD(dataOf([proposed, opened, planned(3)])), 'D5');
    expect(text).toContain('change insert (grace) Effective when rings out at most 0 Observed for 30 days after implementation');
    expect(text).toContain('Not yet. The plan has not been approved.');
  });

  it('asks for cause, plan and effect again when it was reopened, and keeps the first round in sight', () => {
    const implemented = capaEvent(4, 'CapaImplemented', { evidence: 'photo', windowEndsAt: '2026-03-31T00:00:00.000Z' });
    const verified = capaEvent(5, 'EffectivenessVerified', { observed: '3', data: 'charts', verdict: 'ineffective', verifiedBy: 'max' });
    const html = eightD(dataOf([proposed, opened, planned(3), implemented, verified, capaEvent(6, 'CapaReopened', {}), planned(7)]));
    expect(discipline(html, 'D5')).toMatch(/Round 1 of 2.*Round 2 of 2/);
    expect(discipline(html, 'D6')).toContain('Not yet, since the corrective action was reopened.');
    expect(textOf(html)).toContain('open, reopened 1 time');
  });

  it('of a declined one says so, and asks for nothing', () => {
    const html = eightD(dataOf([proposed, capaEvent(2, 'CapaDeclined', { rationale: 'measured wrongly' }, 'max')]));
    expect(discipline(html, 'D4')).toContain('Not applicable: the corrective action was declined.');
    expect(html).not.toContain('Not yet');
  });

  it('stands alone on A4: nothing is loaded, nothing runs', () => {
    const html = eightD(dataOf([proposed, opened]));
    expect(html).toContain('@page { size: A4');
    expect(html).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`);
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
    expect(html).toBe(eightD(dataOf([proposed, opened])));
  });
});

describe('a customer timeline', () => {
  const accountId = derivedId('account', 'spec');
  const bought = recorded('purchase-1@1', 'feedback.PurchaseRecorded.v1', { accountId, units: '2', amount: '29.33', currency: 'USD', source: 'cdnow', externalId: '4-1' }, { occurredAt: '1997-01-01T00:00:00.000Z', recordedAt: '2026-03-09T00:00:00.000Z' });
  const said = recorded('complaint-1@1', 'feedback.ComplaintReceived.v1', { accountId, channel: 'phone', category: 'too <wide>', text: 'It "rattles"' }, at(9));
  const told = (entries: TimelineData['entries'], gaps: readonly string[] = []): string => customerTimeline({ accountId, entries, gaps });

  it('tells what happened in sentences, with both clocks, escaped', () => {
    const html = told([{ service: 'feedback', event: bought }, { service: 'feedback', event: said }]);
    expect(textOf(html)).toContain('1997-01-01 00:00:00 2026-03-09 00:00:00 bought Bought 2 units for 29.33 USD (cdnow 4-1).');
    expect(textOf(html)).toContain('said Complained by phone: too &lt;wide&gt;. “It &quot;rattles&quot;”');
    expect(html).not.toContain('<wide>');
  });

  it('draws no conclusion of its own: exposure, promises and satisfaction stand apart, each with what it rests on', () => {
    const assessed = recorded('loyalty-1@1', 'analytics.LoyaltyAssessed.v1', {
      accountId, exposure: { count: 1, weight: '1' }, promiseKeeping: { kept: 2, due: 2 }, satisfaction: { n: 0 }, repeatPurchase: { frequency: 3 }, churnRisk: 'elevated', previousRisk: 'low',
      policy: { id: 'loyalty', version: 1, sha256: 'x' }, fired: ['exposed'],
    });
    expect(textOf(told([{ service: 'analytics', event: assessed }]))).toContain(
      'Risk of leaving: elevated (before: low). Exposures: 1, weight 1. Promises kept: 2 of 2, too few for a rate. Satisfaction: never stated. Purchases after the first: 3. By policy loyalty version 1, rules exposed.');
  });

  it('says what could not be asked', () => {
    expect(told([{ service: 'feedback', event: bought }], ['The cases could not be asked for.'])).toContain('<p class="missing">The cases could not be asked for.</p>');
  });
});

describe('what documents are written from', () => {
  let platform: CannedPlatform;
  let api: HttpApi;
  beforeEach(async () => {
    platform = new CannedPlatform(['planning', 'control', 'assurance', 'feedback', 'analytics']);
    api = new HttpApi({ url: await platform.start() });
  });
  afterEach(() => platform.stop());

  it('is gathered for an 8D from the streams of all services, with who signed', async () => {
    const reported = recorded('nonconformity-n@1', 'control.NonconformityReported.v1', { nonconformityId: 'n', lotNumber: 'L-1' }, { actor: 'grace' });
    const [ours, theirs] = [recorded('controlPlan-i@1', 'planning.CharacteristicNoted.v1', { causeId: capaId, note: 'watch wear' }), recorded('controlPlan-i@2', 'planning.CharacteristicNoted.v1', { causeId: 'another', note: 'no' })];
    const exposed = recorded('exposure-n@1', 'analytics.ExposureIdentified.v1', { severity: 'major', accounts: [] });
    platform.holds('assurance', [proposed, opened]).holds('control', [reported, recorded('lot-l@1', 'control.LotRegistered.v1', {})]).holds('planning', [ours, theirs]).holds('analytics', [exposed]);
    const data = await collectEightD(api, capaId);
    expect(data).toEqual({
      capaId, capa: [proposed, opened], nonconformity: [reported], lot: [expect.objectContaining({ stream: 'lot-l' })], exposure: [exposed], controlPlan: [ours], signers: expect.objectContaining({ [reported.meta.commandId]: { id: 'grace', roles: ['quality-engineer'] } }),
    });
    expect(discipline(eightD(data), 'D7')).toContain('watch wear');
  });

  it('is nothing for a corrective action that is not there', async () => {
    await expect(collectEightD(api, derivedId('none'))).rejects.toThrow(Unusable);
  });

  it('is gathered for a timeline from every list, page by page, in the order of what happened, without other customers', async () => {
    const accountId = derivedId('account', 'collected');
    const list = (service: string, name: string, items: readonly object[], after = '', next?: string): unknown => platform.says('GET', `/${service}/${name}?accountId=${accountId}&limit=500${after}`, { items, ...(next !== undefined && { next }) });
    const purchases = ['1', '2'].map((id) => recorded(`purchase-${id}@1`, 'feedback.PurchaseRecorded.v1', { accountId }, at(Number(id))));
    const exposed = recorded('exposure-n@1', 'analytics.ExposureIdentified.v1', { severity: 'major', lotId: 'l', accounts: [{ accountId, quantity: '5', deliveryId: 'd' }, { accountId: 'rival', quantity: '7', deliveryId: 'e' }] }, at(3));
    const othersOnly = recorded('exposure-n@2', 'analytics.ExposureIdentified.v1', { lotId: 'l', accounts: [{ accountId: 'rival', quantity: '9', deliveryId: 'f' }] }, at(4));
    const registered = recorded(`account-${accountId}@1`, 'feedback.AccountRegistered.v1', { accountId, name: 'Muster' }, at(0));
    platform.holds('feedback', [registered, ...purchases]).holds('analytics', [exposed, othersOnly]);
    list('feedback', 'purchases', [{ purchaseId: '2' }], '', 'more/2');
    list('feedback', 'purchases', [{ purchaseId: '1' }], '&after=more%2F2');
    list('analytics', 'exposures', [{ nonconformityId: 'n', deliveryId: 'd' }, { nonconformityId: 'n', deliveryId: 'g' }]);
    list('control', 'deliveries', []);
    list('feedback', 'complaints', []);
    const data = await collectTimeline(api, accountId);
    expect(data.entries.map(({ event }) => `${event.stream}@${event.version}`)).toEqual([`account-${accountId}@1`, 'purchase-1@1', 'purchase-2@1', 'exposure-n@1']);
    expect(data.gaps).toEqual(['The cases could not be asked for: feedback lists none by account.']);
    expect(JSON.stringify(data)).not.toContain('rival');
    const html = customerTimeline(data);
    expect(textOf(html)).toContain('a major nonconformity: 5 by delivery d of lot l.');
    expect(html).toContain(hashOf(exposed.data).slice(0, 12));
  });
});
