import type { Instant } from '@touchstone/kernel';
import { derivedId } from '@touchstone/kernel';
import type { Api, Told } from './api.js';
import type { Act, Company, Lot } from './company.js';
import type { Person } from './people.js';
import { people } from './people.js';
import { products } from './products.js';

/** What the story leaves behind for whoever tells it: the entities with a part in it, and what was refused. */
export interface Told8D {
  badLot: Lot;
  heldLot: Lot;
  correctedLot: Lot;
  rejectedLot: Lot;
  lateInspectionId: string;
  nonconformityId?: string;
  capaId?: string;
  declinedCapaId?: string;
  readonly refusals: { what: string; who: string; code: string; stream: string; refusalId: string }[];
}

interface Row {
  readonly [column: string]: unknown;
}

/** People's part: what they decide when they see what the platform shows them. One call of `day` a working day, in the morning. */
export class Story {
  readonly told: Told8D;

  constructor(private readonly api: Api, private readonly company: Company) {
    const { plot } = company.options;
    this.told = {
      badLot: company.lotOf('seat', plot.badLot), heldLot: company.lotOf('seat', plot.heldSample), correctedLot: company.lotOf('ring', plot.corrected),
      rejectedLot: company.lotOf('seal', plot.rejected), lateInspectionId: derivedId('inspection', 'late', company.options.seed), refusals: [],
    };
  }

  async day(day: number): Promise<void> {
    const at = (hour: number, minute = 0) => this.company.at(day, hour, minute);
    const { plot } = this.company.options;
    if (day === plot.corrected + 1) await this.correct(at);
    if (day === plot.baseline) await this.baseline(at(7));
    if (day === plot.heldSample + 1) await this.releaseTooMuch(at(7));
    if (day === plot.heldSample + 2) await this.scrapHeldSample(at);
    if (day === plot.rejected + 2) await this.scrapRejectedLot(at);
    if (day === plot.badLotFound) await this.inspectAgain(at);
    if (day > plot.badLotFound) await this.correctiveAction(day - plot.badLotFound, at);
    if (day % 5 === 4) await this.completeTasks(at(16), this.company.at(day - 1, 23));
    if (day > plot.rejected) await this.careForCases(at(9), this.company.at(day - 1, 23));
    if (day > plot.badLotFound + 3) await this.closeQualityComplaints(at(17));
  }

  /** 47.002 was typed for 74.002: the value is corrected, and the hold that it had caused is lifted by a person. */
  private async correct(at: (hour: number) => Instant): Promise<void> {
    const { lotId, inspectionId } = this.told.correctedLot;
    await this.must('engineer', 'control', 'CorrectMeasurement', at(6), { inspectionId, characteristicId: 'diameter', sample: 3, index: 0, value: '74.002', reason: 'digits swapped when typing' });
    await this.liftHolds(lotId, at(7), 'the value was a typing error and has been corrected');
  }

  private async baseline(at: Instant): Promise<void> {
    for (const { itemId, characteristics } of products) {
      for (const { plan } of characteristics) await this.must('engineer', 'control', 'BaselineChart', at, { chartId: derivedId('chart', itemId, plan.characteristicId) });
    }
  }

  private async releaseTooMuch(at: Instant): Promise<void> {
    const { lotId, quantity } = this.told.heldLot;
    await this.refused('QUANTITY_NOT_FREE', 'release of a whole lot with a sample on hold', 'engineer', 'control', 'ReleaseQuantity', at, { lotId, quantity });
  }

  private async scrapHeldSample(at: (hour: number) => Instant): Promise<void> {
    const { lotId, product, inspectionId } = this.told.heldLot;
    const nonconformityId = derivedId('nonconformity', 'reported', lotId);
    const [held] = Object.values((await this.lot(lotId)).state.holds);
    await this.must('engineer', 'control', 'ReportNonconformity', at(6), {
      nonconformityId, lotId, itemId: product.itemId, characteristicId: 'runout', requirement: 'run-out at most 0.03 mm', quantity: held, severity: 'minor', source: 'inspection', sourceId: inspectionId,
    });
    await this.liftHolds(lotId, at(7), 'taken over by the nonconformity');
    await this.dispose(nonconformityId, String(held), at(8), 'a sample\'s worth of pieces costs less than sorting them');
  }

  /** The lot was rejected before anybody could ship it: scrapped, and no corrective action is needed, with a reason. */
  private async scrapRejectedLot(at: (hour: number) => Instant): Promise<void> {
    const [nonconformity] = await this.api.all<Row>('engineer', `/control/nonconformities?lotId=${this.told.rejectedLot.lotId}`);
    const nonconformityId = String(nonconformity?.['nonconformityId']);
    await this.dispose(nonconformityId, String(nonconformity?.['quantity']), at(8), 'too thin to rework');
    this.told.declinedCapaId = derivedId('capa', nonconformityId);
    await this.must('manager', 'assurance', 'DeclineCapa', at(10), { capaId: this.told.declinedCapaId, rationale: 'single mould fault, mould replaced the same day, nothing left the house' });
  }

  /** Complaints came in: retained samples of the lot are measured once more. */
  private async inspectAgain(at: (hour: number, minute?: number) => Instant): Promise<void> {
    const { lateInspectionId: inspectionId, badLot } = this.told;
    const [angle, runout] = badLot.product.characteristics;
    if (!angle || !runout) throw new Error('a seat has two characteristics');
    await this.must('secondInspector', 'control', 'StartInspection', at(6), { inspectionId, lotId: badLot.lotId, stage: 'final' });
    const measured = [
      this.company.measured(inspectionId, angle, ['45.02', '44.97', '45.11', '44.93', '45.04', '45.06', '44.98', '45.01', '44.95', '45.08'], at(6, 10)),
      ...[0, 1, 2].map((sample) => this.company.measured(inspectionId, runout, ['0.0351', '0.0162', '0.0374', '0.0149', '0.0362', '0.0171', '0.0158', '0.0344', '0.0166', '0.0153'], at(6, 20 + sample))),
    ];
    await this.api.bulk('mes', 'control', measured);
    await this.must('secondInspector', 'control', 'CompleteInspection', at(6, 50), { inspectionId });
  }

  /** The corrective action from proposal to verified effectiveness; no two of its gates by the same person where a rule forbids it. */
  private async correctiveAction(days: number, at: (hour: number) => Instant): Promise<void> {
    const { told } = this;
    if (days === 1) {
      const [nonconformity] = await this.api.all<Row>('engineer', `/control/nonconformities?lotId=${told.badLot.lotId}`);
      told.nonconformityId = String(nonconformity?.['nonconformityId']);
      told.capaId = derivedId('capa', told.nonconformityId);
      await this.must('engineer', 'control', 'ContainNonconformity', at(7), { nonconformityId: told.nonconformityId, actions: 'stock blocked, customers called, replacements sent' });
    }
    const { capaId, nonconformityId } = told;
    const act = (by: Person, type: string, hour: number, body: object) => this.must(by, 'assurance', type, at(hour), { capaId, ...body });
    switch (days) {
      case 1:
        await act('manager', 'OpenCapa', 8, { owner: people.process.id, team: [people.process.id, people.engineer.id, people.secondInspector.id, people.care.id], dueAt: this.company.at(this.company.options.plot.badLotFound + 35, 16) });
        return void (await act('process', 'RecordContainment', 9, { actions: 'all seats of the spindle blocked; 100 % run-out inspection until the cause is found' }));
      case 2:
        await this.must('manager', 'control', 'DecideDisposition', at(8), { nonconformityId, disposition: 'return', quantity: told.badLot.quantity, rationale: 'replace at every customer that was reached' });
        await this.must('manager', 'control', 'CloseNonconformity', at(15), { nonconformityId });
        return void (await act('process', 'ConfirmRootCause', 9, { rootCause: 'spindle bearing worn: run-out grows when warm, samples were taken cold', method: '5-why, confirmed by a trial at working temperature' }));
      case 3:
        return void (await act('process', 'PlanCapa', 9, {
          actions: [{ action: 'replace the spindle bearing', owner: people.process.id }, { action: 'measure run-out at working temperature', owner: people.inspector.id }],
          criterion: { metric: 'seats with run-out above 0.03 mm per 1,000', threshold: '0.5', comparison: 'at-most' }, windowDays: 28,
        }));
      case 4:
        await this.refused('OWNER_CANNOT_APPROVE', 'approval of a plan by its owner', 'process', 'assurance', 'ApproveCapaPlan', at(9), { capaId });
        return void (await act('manager', 'ApproveCapaPlan', 10, {}));
      case 8:
        return void (await act('process', 'ImplementCapa', 9, { evidence: 'bearing replaced, work order 5521; plan of the characteristic changed' }));
      case 10:
        return this.refused('WINDOW_STILL_OPEN', 'verification before the window ended', 'engineer', 'assurance', 'VerifyEffectiveness', at(9), { capaId, observed: '0', data: 'two days' });
      case 30:
        await act('engineer', 'VerifyEffectiveness', 9, { observed: '0', data: '0 of 9,600 seats in 28 days, inspections of VS-30' });
        await act('engineer', 'PreventRecurrence', 10, { measures: 'bearing wear added to the maintenance plan of all five spindles; run-out measured warm on all seats' });
        return void (await act('manager', 'CloseCapa', 14, { recognition: 'thanks to Jan Novak, who measured warm, and to Claire Dubois, who heard the customers' }));
      default:
    }
  }

  private async dispose(nonconformityId: string, quantity: string, at: Instant, rationale: string): Promise<void> {
    await this.must('engineer', 'control', 'ContainNonconformity', at, { nonconformityId, actions: 'put into the blocked store' });
    await this.must('manager', 'control', 'DecideDisposition', at, { nonconformityId, disposition: 'scrap', quantity, rationale });
    await this.must('manager', 'control', 'CloseNonconformity', at, { nonconformityId });
  }

  /** What was opened until yesterday: what today's measurements open may be there already, or not yet. */
  private async completeTasks(at: Instant, openedBefore: Instant): Promise<void> {
    for (const { taskId, openedAt } of await this.api.all<Row>('engineer', '/control/tasks?status=open')) {
      if (String(openedAt) > openedBefore) continue;
      await this.must('engineer', 'control', 'CompleteTask', at, { taskId, done: 'reaction plan carried out; measured again, within limits' });
    }
  }

  /** The first action the day after a case was opened; closed once something was done. */
  private async careForCases(at: Instant, openedBefore: Instant): Promise<void> {
    for (const { caseId, status, kind, openedAt } of await this.api.all<Row>('care', '/feedback/cases?open=true')) {
      if (String(openedAt) > openedBefore) continue;
      if (status === 'open') await this.must('care', 'feedback', 'RecordCaseAction', at, { caseId, action: kind === 'exposure' ? 'customer called before he found it; replacement sent' : 'looked into and answered' });
      else await this.must('care', 'feedback', 'CloseCase', at, { caseId, outcome: kind === 'internal' ? 'done' : 'confirmed', rootCause: kind === 'exposure' ? 'nonconforming lot' : 'see the cause of the case' });
    }
  }

  private async closeQualityComplaints(at: Instant): Promise<void> {
    for (const { complaintId, customerAgrees, lotId } of await this.api.all<Row>('care', '/feedback/complaints?status=resolved')) {
      if (lotId === null) continue;
      await this.api.command(this.act('care', 'feedback', 'CloseComplaint', at, { complaintId, outcome: customerAgrees === true ? 'confirmed' : 'unresolved' }));
    }
  }

  private async liftHolds(lotId: string, at: Instant, reason: string): Promise<void> {
    for (const holdId of Object.keys((await this.lot(lotId)).state.holds)) await this.must('engineer', 'control', 'LiftHold', at, { lotId, holdId, reason });
  }

  private lot(lotId: string): Promise<{ state: { holds: Record<string, string> } }> {
    return this.api.get('engineer', `/control/lots/${lotId}`);
  }

  private must(by: Person, service: string, type: string, occurredAt: Instant, body: object): Promise<Told> {
    return this.api.must(this.act(by, service, type, occurredAt, body));
  }

  private async refused(code: string, what: string, by: Person, service: string, type: string, occurredAt: Instant, body: object): Promise<void> {
    const told = await this.api.command(this.act(by, service, type, occurredAt, body));
    if (told.code !== code) throw new Error(`${type} should have been refused with ${code}, but: ${told.status} ${told.code ?? ''}`);
    this.told.refusals.push({ what, who: people[by].id, code, stream: String(told.body['stream']), refusalId: String(told.body['refusalId']) });
  }

  private act = (by: Person, service: string, type: string, occurredAt: Instant, body: object): Act => ({ by, service, type, occurredAt, body: { ...body } });
}
