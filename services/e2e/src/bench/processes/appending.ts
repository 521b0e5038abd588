import { createInterface } from 'node:readline';
import pg from 'pg';
import { openPostgresStore } from '@touchstone/event-store';
import { emmett } from '../peers/emmett.js';
import { insertOne, plainRow } from '../peers/plain-rows.js';
import { appendOf } from '../sample-event.js';
import { answering } from './answering.js';

export type AppenderName = 'this store' | 'plain pg' | 'Emmett';

export interface Appending {
  readonly kind: AppenderName;
  /** Of the application role; Emmett, which makes what it needs, is given the owner's. */
  readonly url: string;
  readonly connections: number;
}

interface Appender {
  append(stream: string, version: number): Promise<unknown>;
  close(): Promise<void>;
}

const kinds: Readonly<Record<AppenderName, (appending: Appending) => Promise<Appender>>> = {
  'this store': async ({ url }) => {
    const store = await openPostgresStore({ url });
    return {
      append: async (stream, version) => {
        const { status } = await store.append(appendOf(stream, version));
        if (status !== 'appended') throw new Error(`an append was answered ${status}`);
      },
      close: () => store.close(),
    };
  },
  'plain pg': ({ url, connections }) => {
    const pool = new pg.Pool({ connectionString: url, max: connections });
    return Promise.resolve({ append: (stream, version) => pool.query(insertOne(plainRow(stream, version + 1))), close: () => pool.end() });
  },
  Emmett: ({ url, connections }) => emmett.open(url, connections),
};

let open: Appender | undefined;

/** A service reduced to its store: a line on its input asks for an append, a line on its output says that it is durable. */
createInterface({ input: process.stdin }).on('line', (line) => {
  const [request = '', stream = '', version = ''] = line.split(' ');
  const appended = open?.append(stream, Number(version)) ?? Promise.reject(new Error('it was not told what to open'));
  appended.then(() => process.stdout.write(`${request}\n`), (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

answering({
  open: async (appending: Appending) => {
    open = await kinds[appending.kind](appending);
  },
}, async () => open?.close());
