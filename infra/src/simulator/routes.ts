/** Where a command goes: the method and path of its route. Ids in the path leave the body. */
const routes: Readonly<Record<string, string>> = {
  RegisterItem: '/items',
  ReleaseRevision: '/items/:itemId/revisions',
  AddSite: '/items/:itemId/sites',
  DraftControlPlan: '/control-plans/:itemId/drafts',
  ApproveControlPlan: '/control-plans/:itemId/approvals',
  PutControlPlanInForce: '/control-plans/:itemId/in-force',
  RegisterLot: '/lots',
  LiftHold: '/lots/:lotId/holds/:holdId/lifting',
  ReleaseQuantity: '/lots/:lotId/releases',
  StartInspection: '/inspections',
  RecordMeasurements: '/inspections/:inspectionId/measurements',
  CorrectMeasurement: '/inspections/:inspectionId/corrections',
  CompleteInspection: '/inspections/:inspectionId/completion',
  BaselineChart: '/control-charts/:chartId/baselines',
  CompleteTask: '/tasks/:taskId/completion',
  ReportNonconformity: '/nonconformities',
  ContainNonconformity: '/nonconformities/:nonconformityId/containment',
  DecideDisposition: '/nonconformities/:nonconformityId/dispositions',
  CloseNonconformity: '/nonconformities/:nonconformityId/closing',
  OpenCapa: '/capas/:capaId/opening',
  DeclineCapa: '/capas/:capaId/declining',
  RecordContainment: '/capas/:capaId/containments',
  ConfirmRootCause: '/capas/:capaId/root-causes',
  PlanCapa: '/capas/:capaId/plans',
  ApproveCapaPlan: '/capas/:capaId/approvals',
  ImplementCapa: '/capas/:capaId/implementation',
  VerifyEffectiveness: '/capas/:capaId/verifications',
  PreventRecurrence: '/capas/:capaId/preventions',
  CloseCapa: '/capas/:capaId/closing',
  RegisterAccount: '/accounts',
  AddContact: '/accounts/:accountId/contacts',
  StateSatisfaction: '/accounts/:accountId/satisfaction',
  ReceiveComplaint: '/complaints',
  AcknowledgeComplaint: '/complaints/:complaintId/acknowledgement',
  AssessComplaint: '/complaints/:complaintId/assessments',
  RespondToComplaint: '/complaints/:complaintId/responses',
  ResolveComplaint: '/complaints/:complaintId/resolutions',
  CloseComplaint: '/complaints/:complaintId/closing',
  RecordCaseAction: '/cases/:caseId/actions',
  CloseCase: '/cases/:caseId/closing',
  ProposePolicy: '/policies/:policyId/versions',
  ApprovePolicy: '/policies/:policyId/approvals',
  AssessAccount: '/loyalty/:accountId/assessments',
};

export function routeOf(type: string, body: Readonly<Record<string, unknown>>): { method: string; path: string; rest: Record<string, unknown> } {
  const route = routes[type];
  if (route === undefined) throw new Error(`no route for ${type}`);
  const rest = { ...body };
  const path = route.replace(/:(\w+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  return { method: 'POST', path, rest };
}
