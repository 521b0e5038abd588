/**
 * A control chart of one characteristic of one item. Guards: limits are computed from phase 1 or specified with their source,
 * never typed in silently; they stand until a person gives them up; a signal is raised once and is no nonconformity.
 * Stream: chart-<chartId>. All its events are public.
 */
import { derivedId } from '@touchstone/kernel';
import type {
  ChartEstablished, ChartPhaseOneBegun, ChartPointAdded, ChartPointCorrected, ControlSignalRaised, LimitsBaselined,
} from '@touchstone/contracts/control';

export const chartStream = (chartId: string): string => `chart-${chartId}`;

/** The one chart of a characteristic. */
export const chartIdOf = (itemId: string, characteristicId: string): string => derivedId('chart', itemId, characteristicId);

export type ChartEvent = ChartEstablished | ChartPointAdded | ChartPointCorrected | LimitsBaselined | ChartPhaseOneBegun | ControlSignalRaised;
