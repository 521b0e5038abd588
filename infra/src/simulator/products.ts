import { derivedId } from '@touchstone/kernel';

/** A product and how its process really behaves: mean and standard deviation of each characteristic, in its unit. */
export interface Product {
  readonly key: string;
  readonly itemId: string;
  readonly number: string;
  readonly name: string;
  readonly characteristics: readonly SimulatedCharacteristic[];
}

export interface SimulatedCharacteristic {
  readonly mean: number;
  readonly sigma: number;
  /** Digits after the point that the gauge shows. */
  readonly digits: number;
  readonly gaugeId: string;
  readonly plan: {
    readonly characteristicId: string; readonly name: string; readonly unit: string; readonly lower?: string; readonly upper?: string; readonly target?: string;
    readonly severity: 'minor' | 'major' | 'critical'; readonly method: string; readonly gaugeClass: string; readonly sampleSize: number;
    readonly acceptanceNumber: number; readonly chart: 'xbar-r'; readonly onSignal: 'task'; readonly reaction: string;
  };
}

const every = { sampleSize: 10, acceptanceNumber: 1, chart: 'xbar-r', onSignal: 'task' } as const;

const product = (key: string, number: string, name: string, characteristics: SimulatedCharacteristic[]): Product => ({ key, itemId: derivedId('item', number), number, name, characteristics });

export const products: readonly Product[] = [
  product('ring', 'PR-74', 'Piston ring 74 mm', [
    {
      mean: 74, sigma: 0.008, digits: 3, gaugeId: 'MIC-07',
      plan: { ...every, characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.95', upper: '74.05', target: '74', severity: 'major', method: 'two-point, at 20 °C', gaugeClass: 'micrometer 0.001', reaction: 'check tool wear, measure again, tell the process owner' },
    },
    {
      mean: 60, sigma: 0.8, digits: 1, gaugeId: 'HRC-02',
      plan: { ...every, characteristicId: 'hardness', name: 'Hardness', unit: 'HRC', lower: '56', upper: '64', severity: 'critical', method: 'ISO 6508-1', gaugeClass: 'Rockwell tester', reaction: 'check furnace temperature, hold the batch of the furnace' },
    },
  ]),
  product('seat', 'VS-30', 'Valve seat 30 mm', [
    {
      mean: 45, sigma: 0.1, digits: 2, gaugeId: 'ANG-01',
      plan: { ...every, characteristicId: 'angle', name: 'Seat angle', unit: 'deg', lower: '44.5', upper: '45.5', target: '45', severity: 'major', method: 'optical', gaugeClass: 'profile projector', reaction: 'check the insert' },
    },
    {
      mean: 0.012, sigma: 0.0035, digits: 4, gaugeId: 'RUN-03',
      plan: { ...every, characteristicId: 'runout', name: 'Run-out', unit: 'mm', upper: '0.03', severity: 'critical', method: 'dial gauge, one turn', gaugeClass: 'dial gauge 0.001', reaction: 'check the chuck and the spindle bearing' },
    },
  ]),
  product('seal', 'SE-12', 'Shaft seal 12 mm', [
    {
      mean: 2, sigma: 0.019, digits: 3, gaugeId: 'THK-05',
      plan: { ...every, characteristicId: 'thickness', name: 'Lip thickness', unit: 'mm', lower: '1.9', upper: '2.1', target: '2', severity: 'major', method: 'thickness gauge, three points', gaugeClass: 'thickness gauge 0.01', reaction: 'check mould temperature' },
    },
    {
      mean: 70, sigma: 0.95, digits: 1, gaugeId: 'SHA-01',
      plan: { ...every, characteristicId: 'shore', name: 'Shore A hardness', unit: 'ShA', lower: '65', upper: '75', severity: 'minor', method: 'ISO 48-4', gaugeClass: 'durometer', reaction: 'check the mixture' },
    },
  ]),
];
