import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, Min, ValidateIf } from 'class-validator';
import { CodeField, DecimalField, Decimals, OneOfField, Quantity, TextField, Uuid, Whole } from '@touchstone/platform';
import type { Decimal } from '@touchstone/kernel';

export const kinds = ['xbar-r', 'individuals'] as const;
export const onSignals = ['task', 'task-and-hold'] as const;

/** Keep a chart for a characteristic. Sent by a reaction when a control plan comes into force; settings that change are taken over. */
export class EstablishChart {
  readonly type = 'EstablishChart';
  @Uuid({ description: 'derived from item and characteristic' }) chartId!: string;
  @Uuid() itemId!: string;
  @CodeField() characteristicId!: string;
  @OneOfField(kinds) kind!: (typeof kinds)[number];
  @Whole({ min: 1, max: 25, description: 'values a sample: 2 to 25 for means and ranges, 1 for individuals' }) sampleSize!: number;
  @CodeField() unit!: string;
  @OneOfField(onSignals) onSignal!: (typeof onSignals)[number];
  @TextField({ description: 'reaction plan' }) reaction!: string;
}

/** A sample was measured. Sent by a reaction; a sample of what no chart is kept for changes nothing. */
export class AddPoint {
  readonly type = 'AddPoint';
  @Uuid() chartId!: string;
  @Uuid() lotId!: string;
  @Uuid() inspectionId!: string;
  @Whole({ min: 1, max: 100_000, description: 'number of the sample in the inspection' }) sample!: number;
  @Decimals() values!: Decimal[];
  @CodeField() unit!: string;
  @Quantity({ description: 'quantity of the lot that the sample stands for' }) represents!: Decimal;
}

/** A measured value was corrected. Sent by a reaction. */
export class CorrectPoint {
  readonly type = 'CorrectPoint';
  @Uuid() chartId!: string;
  @Uuid() inspectionId!: string;
  @Whole({ min: 1, max: 100_000, description: 'number of the sample' }) sample!: number;
  @Whole({ min: 0, max: 99, description: 'place of the value in the sample, from 0' }) index!: number;
  @DecimalField() now!: Decimal;
}

/** Compute limits from phase 1 and judge by them from now on. What is left out was found to have a cause, which `reason` names. */
export class BaselineChart {
  readonly type = 'BaselineChart';
  @Uuid() chartId!: string;
  @ApiProperty({ type: [Number], required: false, description: 'numbers of the points to leave out' })
  @ValidateIf((_, value) => value !== undefined)
  @IsArray({ context: { code: 'NOT_A_LIST' } })
  @ArrayMinSize(1, { context: { code: 'TOO_FEW' } })
  @ArrayMaxSize(100, { context: { code: 'TOO_MANY' } })
  @IsInt({ each: true, context: { code: 'NOT_WHOLE' } })
  @Min(1, { each: true, context: { code: 'OUT_OF_RANGE' } })
  exclude?: number[];
  @TextField({ optional: true }) reason?: string;
}

/** Limits that do not come from the chart's own points, with where they come from. */
export class SpecifyLimits {
  readonly type = 'SpecifyLimits';
  @Uuid() chartId!: string;
  @DecimalField({ description: 'center line' }) center!: Decimal;
  @DecimalField({ description: 'standard deviation of single values within samples, above zero' }) sigma!: Decimal;
  @TextField({ description: 'e.g. the capability study or the standard' }) source!: string;
}

/** Give the limits up and collect points anew. */
export class RebaselineChart {
  readonly type = 'RebaselineChart';
  @Uuid() chartId!: string;
  @TextField() reason!: string;
}

export type ChartCommand = EstablishChart | AddPoint | CorrectPoint | BaselineChart | SpecifyLimits | RebaselineChart;
export const chartCommands = { EstablishChart, AddPoint, CorrectPoint, BaselineChart, SpecifyLimits, RebaselineChart };
