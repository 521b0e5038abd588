import { InvalidCommand, validateCommand } from '@touchstone/platform';
import { DraftControlPlan } from './commands.js';

const diameter = {
  characteristicId: 'diameter', name: 'Ring diameter', unit: 'mm', lower: '73.950', upper: '74.05', target: '74.0', severity: 'major', method: 'two-point',
  gaugeClass: 'micrometer 0.001', sampleSize: 5, acceptanceNumber: 0, chart: 'xbar-r', onSignal: 'task', reaction: 'measure again',
};
const plan = (characteristics: readonly object[]) =>
  ({ itemId: '6f1c3c0a-93c4-5e0f-8b6c-7d2b6a1f9e02', title: 'Piston ring', requiredInspections: ['final'], characteristics });
const problemsOf = (body: object): string[] => {
  try {
    validateCommand(DraftControlPlan, body);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidCommand)) throw error;
    return error.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  }
};

describe('the draft of a control plan', () => {
  it('keeps limits as exact decimals', () => {
    const { command } = validateCommand(DraftControlPlan, plan([diameter]));
    expect(command.characteristics).toEqual([{ ...diameter, lower: '73.95', target: '74' }]);
  });

  it.each(['method', 'gaugeClass', 'sampleSize', 'reaction'] as const)('is refused when a characteristic does not name its %s', (name) => {
    const { [name]: _left, ...rest } = diameter;
    expect(problemsOf(plan([diameter, rest]))).toEqual([`/characteristics/1/${name} ${name === 'sampleSize' ? 'NOT_WHOLE' : 'NOT_A_TEXT'}`]);
  });

  it('is refused when a method is named by blanks, or a limit is a number of JSON', () => {
    expect(problemsOf(plan([{ ...diameter, method: '  ' }]))).toEqual(['/characteristics/0/method NOT_A_TEXT']);
    expect(problemsOf(plan([{ ...diameter, lower: 73.95 }]))).toEqual(['/characteristics/0/lower NOT_A_DECIMAL']);
  });

  it('is refused without characteristics', () => expect(problemsOf(plan([]))).toEqual(['/characteristics TOO_FEW']));
});
