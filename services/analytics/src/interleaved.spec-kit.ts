/** The same events, streams interleaved otherwise: only the order within a stream is promised. Each choice picks the next stream. */
export function interleaved<E extends { readonly stream: string }>(events: readonly E[], choices: readonly number[]): E[] {
  const streams = [...Map.groupBy(events, ({ stream }) => stream).values()];
  const mixed: E[] = [];
  for (let next = 0; streams.length > 0; next += 1) {
    const index = (choices[next % Math.max(1, choices.length)] ?? 0) % streams.length;
    const event = streams[index]?.shift();
    if (event) mixed.push(event);
    if (streams[index]?.length === 0) streams.splice(index, 1);
  }
  return mixed;
}
