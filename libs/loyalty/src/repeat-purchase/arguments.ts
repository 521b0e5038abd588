import { StatisticsError } from '@touchstone/statistics';

/** A length of time. @throws StatisticsError `BAD_OPTION` when negative or not finite */
export function duration(time: number): number {
  if (!(time >= 0 && Number.isFinite(time)))
    throw new StatisticsError('BAD_OPTION', `a duration of ${time}: give a finite number of time units, 0 or more`);
  return time;
}

/** A number of purchases. @throws StatisticsError `BAD_OPTION` when not a whole number, 0 or more */
export function count(purchases: number): number {
  if (!(Number.isInteger(purchases) && purchases >= 0))
    throw new StatisticsError('BAD_OPTION', `${purchases} purchases: give a whole number, 0 or more`);
  return purchases;
}

const SMALLEST = 1e-9;
const LARGEST = 1e9;

/** Parameters that are all above 0, by an amount that doubles can still reckon with. @throws StatisticsError `BAD_OPTION` */
export function positive<Parameters extends object>(parameters: Parameters): Parameters {
  for (const [name, value] of Object.entries(parameters)) {
    if (!(value >= SMALLEST && value <= LARGEST)) {
      throw new StatisticsError('BAD_OPTION', `parameter ${name} is ${value}: it must be above 0, between ${SMALLEST} and ${LARGEST}`);
    }
  }
  return parameters;
}
