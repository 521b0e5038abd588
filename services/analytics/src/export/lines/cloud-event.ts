import type { EventMeta } from '@touchstone/kernel';
import type { StoredEvent } from '@touchstone/event-store';

/**
 * The event as one line of CloudEvents 1.0 in JSON. `data` is the stored text, byte for byte; `source` is the log, `subject` the
 * stream, `time` when it became true. Extensions tell its place and what led to it.
 */
export function cloudEventLine({ service, logId }: { readonly service: string; readonly logId: string }, { id, type, stream, seq, version, body, meta }: StoredEvent): string {
  const { actor, causationId, correlationId, occurredAt, recordedAt } = JSON.parse(meta) as EventMeta;
  const envelope = JSON.stringify({
    specversion: '1.0', id, source: logId, type, subject: stream, time: occurredAt, datacontenttype: 'application/json',
    service, sequence: String(seq), streamversion: version, recordedat: recordedAt, actor, causationid: causationId, correlationid: correlationId,
  });
  return `${envelope.slice(0, -1)},"data":${body}}\n`;
}
