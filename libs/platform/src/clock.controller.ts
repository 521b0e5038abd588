import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { Instant } from '@touchstone/kernel';
import { DateTime } from './fields.js';
import { Requires } from './http.js';
import type { Standing } from './simulated-time.js';
import { ServiceTime } from './simulated-time.js';
import { validateCommand } from './validate-command.js';

class MoveClock {
  readonly type = 'MoveClock';
  @DateTime() now!: string;
}

/** Moves the time of a service that was started with a simulated clock; there are no such routes under the real one. */
@Controller('clock')
export class ClockController {
  constructor(private readonly time: ServiceTime) {}

  /** Waits, for two seconds at most, until what is in the log has been handled; then says how far events have come. */
  @Get() @Requires('clock.move')
  standing(): Promise<Standing> {
    return this.time.standing();
  }

  /** The earliest instant at which something is due; none when nothing is. */
  @Get('next-deadline') @Requires('clock.move')
  async next(): Promise<{ at?: Instant }> {
    return { at: await this.time.nextDeadline() };
  }

  /** Moves the clock; it never goes back. */
  @Post() @Requires('clock.move') @HttpCode(200)
  async move(@Body() body: unknown): Promise<{ now: Instant }> {
    const { command: { now } } = validateCommand(MoveClock, body);
    await this.time.moveTo(now);
    return { now: this.time.now };
  }

  /** Sends what is due now: to be repeated until nothing was sent. */
  @Post('deadlines') @Requires('clock.move') @HttpCode(200)
  async fire(): Promise<{ sent: number }> {
    return { sent: await this.time.fire() };
  }
}
