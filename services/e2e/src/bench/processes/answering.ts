/** The child's side: answers what its parent asks, and ends when the parent lets go or is gone. */
export function answering(answers: Readonly<Record<string, (given: never) => Promise<unknown>>>, end: () => Promise<void> = () => Promise.resolve()): void {
  process.on('message', ({ what, given }: { what: string; given: never }) => {
    const answer = answers[what];
    (answer ? answer(given) : Promise.reject(new Error('it does not know what that means'))).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => void end().finally(() => process.exit(0)));
}
