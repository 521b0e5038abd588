import { foundAsText, pageOf, surroundings } from '../report.js';
import type { KafkaReport } from './run.js';

const conditions = (report: KafkaReport): string[] => [
  ...surroundings(report),
  `Kafka ${report.kafka}, one node on this machine, first compiler tier only; kafkajs, 6 partitions, acks=all`,
  `${report.options.rounds} rounds, one more round first to warm up; median (min–max) over the rounds`,
];

const MEANING = `## What is compared

Broker, PostgreSQL and both services share this machine, and most of it is spent by them together: the column CPU counts the measuring
process, PostgreSQL and the broker. A ratio above 1 means that ours was faster. It is taken round by round.

- **relay**: a log of events of about 200 bytes with 330 of metadata, from its first one to a topic that is there: read, published under the
  lease in requests of at most 1,000, each acknowledged before the next. The client sends the same records from memory. Our part is
  compared with the slower of the client's idempotent sends and the store's reading; sends that overlap and may be doubled are shown beside.
- **round trip**: one event, and the next when it is there. Ours is appended and flushed, relayed, taken in, flushed in the other
  service's log, folded and written to its read model. A bare one is produced and consumed through the same client with the same settings.
- **ingest**: a topic from its beginning into an empty log, and a read model that counts, row and checkpoint in one transaction a
  page, at the same time. Joining the group is counted. Against the read model alone on a log that is there, which appends nothing; and against
  the same work with pages handed over in this process.
- **catch up**: the same by a process of its own on a long topic, whose memory is watched. Once.
- **export**: \`touchstone export\` from PostgreSQL, and DuckDB's COPY of the same rows from a CSV file on this disk.

`;

/** For a terminal. */
export const asText = (report: KafkaReport): string => `${[...conditions(report), ...foundAsText(report)].join('\n')}\n`;

/** For docs/reference. */
export const asMarkdown = (report: KafkaReport): string => pageOf('Benchmarks of Kafka', 'npm run bench -- kafka --write', conditions(report), MEANING, report);
