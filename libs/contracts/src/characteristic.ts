import type { Static } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import { Body, Code, DecimalText, OneOf, Text } from './define-event.js';

/** One characteristic of a control plan: what is measured, how, against which limits, and what happens when it drifts or fails. */
export const Characteristic = Body({
  characteristicId: Code('short name, unique in the plan, e.g. diameter'),
  name: Text('as people call it'),
  unit: Code('unit of measurement, e.g. mm'),
  lower: Type.Optional(DecimalText('lower specification limit, in unit', 'as unit says')),
  upper: Type.Optional(DecimalText('upper specification limit, in unit', 'as unit says')),
  target: Type.Optional(DecimalText('target, in unit', 'as unit says')),
  severity: OneOf(['minor', 'major', 'critical'], 'of failing the specification'),
  method: Text('how it is measured'),
  gaugeClass: Text('what it is measured with'),
  sampleSize: Type.Integer({ minimum: 1, maximum: 100, description: 'values a sample', unit: 'values' }),
  acceptanceNumber: Type.Integer({ minimum: 0, description: 'samples out of specification at which the inspection still accepts', unit: 'samples' }),
  chart: OneOf(['xbar-r', 'individuals', 'none'], 'control chart kept'),
  onSignal: OneOf(['task', 'task-and-hold'], 'what a signal of the chart leads to; a signal is never a nonconformity'),
  reaction: Text('reaction plan: what to do at a signal'),
});
export type Characteristic = Static<typeof Characteristic>;

export const sampleCharacteristic: Characteristic = {
  characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.95', upper: '74.05', target: '74', severity: 'major',
  method: 'two-point, at 20 °C', gaugeClass: 'micrometer 0.001', sampleSize: 5, acceptanceNumber: 1, chart: 'xbar-r', onSignal: 'task', reaction: 'check tool wear, measure again',
};
