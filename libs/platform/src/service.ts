import type { Type } from '@nestjs/common';
import type { AnySlice, Deadline, Projection, Reaction } from '@touchstone/event-store';

/** What one slice brings to its service. */
export interface SliceModule {
  readonly slice: AnySlice;
  readonly projections?: readonly Projection[];
  readonly reactions?: readonly Reaction[];
  readonly deadlines?: readonly Deadline[];
  readonly controllers: readonly Type[];
}

/** A service: its slices, and the stream categories of other services that it wants to know. */
export interface ServiceDefinition {
  readonly name: string;
  readonly slices: readonly SliceModule[];
  /** `<service>/<category>`. */
  readonly listensTo: readonly string[];
}

export const sliceModule = (definition: SliceModule): SliceModule => definition;
export const service = (definition: ServiceDefinition): ServiceDefinition => definition;
