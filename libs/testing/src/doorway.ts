import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A port that stays while the server behind it changes, as a host name or a virtual address does. */
export interface Doorway {
  readonly port: number;
  /** Where connections made from now on lead; those that stand stay. */
  lead(port: number): void;
  /** Breaks the connections that stand, and takes no new ones until it leads somewhere again. */
  cut(): void;
  /** The connections that stand go silent: nothing passes, and nothing ends. New ones are as ever. */
  silence(): void;
  close(): void;
}

export async function openDoorway(): Promise<Doorway> {
  let behind = 0;
  const open = new Set<Socket>();
  const door = createServer((incoming) => {
    if (behind === 0) return void incoming.destroy();
    const outgoing = connect(behind, '127.0.0.1');
    for (const [socket, other] of [[incoming, outgoing], [outgoing, incoming]] as const) {
      open.add(socket.setNoDelay()); // small answers would else wait 40 ms for each other
      socket.on('error', () => undefined).on('close', () => { open.delete(socket); other.destroy(); });
      socket.pipe(other);
    }
  });
  const breakAll = () => { for (const socket of open) socket.destroy(); };
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done));
  return {
    port: (door.address() as AddressInfo).port,
    lead: (port) => { behind = port; },
    silence: () => {
      for (const socket of open) socket.unpipe().pause();
    },
    cut: () => { behind = 0; breakAll(); },
    close: () => { door.close(); breakAll(); },
  };
}
