import { StreamQueue } from './stream-queue.js';

/** A promise that is settled from outside. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = () => undefined as void;
  const passed = new Promise<void>((resolve) => { open = resolve; });
  return { open, passed };
}

describe('the queue of a stream', () => {
  it('runs one job after the other, in order, and lets other streams pass', async () => {
    const queue = new StreamQueue();
    const ran: string[] = [];
    const { open, passed } = gate();
    const first = queue.run('lot-1', async () => { await passed; ran.push('first'); });
    const second = queue.run('lot-1', () => { ran.push('second'); return Promise.resolve(); });
    await queue.run('lot-2', () => { ran.push('other'); return Promise.resolve(); });
    expect(ran).toEqual(['other']);
    open();
    await Promise.all([first, second]);
    expect(ran).toEqual(['other', 'first', 'second']);
  });
  it('goes on after a job that failed, and answers each with its own outcome', async () => {
    const queue = new StreamQueue();
    const outcomes = await Promise.allSettled([queue.run('lot-1', () => Promise.reject(new Error('no'))), queue.run('lot-1', () => Promise.resolve('yes'))]);
    expect(outcomes).toMatchObject([{ reason: { message: 'no' } }, { value: 'yes' }]);
  });
  it('is bounded: who comes when a thousand wait is sent away', async () => {
    const queue = new StreamQueue();
    const { open, passed } = gate();
    const waiting = Array.from({ length: 1_000 }, () => queue.run('lot-1', () => passed));
    await expect(queue.run('lot-1', () => passed)).rejects.toMatchObject({ code: 'STREAM_BUSY', status: 503 });
    await expect(queue.run('lot-2', () => Promise.resolve(1))).resolves.toBe(1);
    open();
    await Promise.all(waiting);
    await expect(queue.run('lot-1', () => Promise.resolve(2))).resolves.toBe(2);
  });
});

describe('kept states', () => {
  const state = (version: number, plain = true) => ({ version, state: {}, plain, keysAt: 1 });

  it('are the last ones, until they are forgotten', () => {
    const queue = new StreamQueue();
    queue.keep('lot-1', state(1));
    queue.keep('lot-1', state(2));
    queue.keep('lot-2', state(1));
    queue.forget('lot-2');
    expect([queue.kept('lot-1', 1)?.version, queue.kept('lot-2', 1)]).toEqual([2, undefined]);
    queue.forgetStates();
    expect(queue.kept('lot-1', 1)).toBeUndefined();
  });
  it('are not used once keys were destroyed, where anything in them was decrypted', () => {
    const queue = new StreamQueue();
    queue.keep('lot-1', state(1));
    queue.keep('lot-2', state(1, false));
    expect([1, 2].map((keysAt) => ['lot-1', 'lot-2'].map((stream) => queue.kept(stream, keysAt)?.version))).toEqual([[1, 1], [1, undefined]]);
  });
  it('are bounded: the one that was kept longest ago goes first', () => {
    const queue = new StreamQueue();
    for (let lot = 0; lot < 20_000; lot += 1) queue.keep(`lot-${lot}`, state(1));
    queue.keep('lot-0', state(2));
    queue.keep('lot-new', state(1));
    expect(['lot-0', 'lot-1', 'lot-2', 'lot-new'].map((stream) => queue.kept(stream, 1)?.version)).toEqual([2, undefined, 1, 1]);
  });
});
