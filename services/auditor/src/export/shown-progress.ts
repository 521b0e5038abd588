import { Progress } from '../import/progress.js';
import type { ProgressSink } from '../import/progress.js';

/** A bar a service. */
export class ShownProgress {
  private current?: { readonly service: string; readonly from: number; readonly bar: Progress };

  constructor(private readonly sink: ProgressSink) {}

  at(service: string, place: number, settled: number, events: number): void {
    if (this.current?.service !== service) {
      this.current?.bar.end();
      this.current = { service, from: place, bar: new Progress({ ...(this.sink.isTTY && { isTTY: true }), write: (text) => this.sink.write(text.replace(/(\d) rows/, `$1 events of ${service}`).replace('rows/s', 'events/s')) }, settled - place, () => performance.now()) };
    }
    this.current.bar.at(events, place - this.current.from);
  }

  end(): void {
    this.current?.bar.end();
  }
}
