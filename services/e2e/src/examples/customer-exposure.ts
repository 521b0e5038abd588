/**
 * Which customers received quantity of a lot with a nonconformity: a consumer that knows nothing but the public events of
 * `control`. It reads CloudEvents from standard input, one a line, and writes one line of JSON an exposure:
 *
 *   touchstone export --format jsonl --service control --data .data | node services/e2e/src/examples/customer-exposure.ts
 *
 * Events may come twice, and streams in any order among each other: nothing is decided before all is read.
 */
import { createInterface } from 'node:readline';

interface Delivery { readonly deliveryId: string; readonly accountId: string; readonly lotId: string; readonly quantity: string; readonly time: string }
interface Nonconformity { readonly nonconformityId: string; readonly lotId: string; readonly severity: string; readonly source: string }
interface CloudEvent { readonly type: string; readonly time: string; readonly data: Record<string, string> }

const delivered = new Map<string, Delivery>();
const reported = new Map<string, Nonconformity>();
const voidedAt = new Map<string, string>();

function take({ type, time, data }: CloudEvent): void {
  switch (type) {
    case 'control.DeliveryDispatched.v1': // the quantity that left, even if less arrives
      delivered.set(data['deliveryId'] ?? '', { ...(data as unknown as Delivery), time });
      break;
    case 'control.NonconformityReported.v1':
      reported.set(data['nonconformityId'] ?? '', data as unknown as Nonconformity);
      break;
    case 'control.NonconformityVoided.v1':
      voidedAt.set(data['nonconformityId'] ?? '', time);
      break;
    default: // other types, and those that do not exist yet, are none of its business
  }
}

/** What an inspection found before release was held, and reached nobody; what left after the report was voided exposes nobody. */
function* exposures(): Generator<object> {
  for (const { nonconformityId, lotId, severity, source } of reported.values()) {
    if (source === 'inspection') continue;
    for (const { deliveryId, accountId, quantity, lotId: from, time } of delivered.values()) {
      if (from === lotId && time < (voidedAt.get(nonconformityId) ?? '9')) yield { accountId, deliveryId, lotId, nonconformityId, quantity, severity };
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') take(JSON.parse(line) as CloudEvent);
}
process.stdout.write([...exposures()].map((each) => `${JSON.stringify(each)}\n`).toSorted().join(''));
