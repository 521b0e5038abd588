import { claimsEffect } from './estimate.js';
import type { Estimate } from './estimate.js';

/**
 * - `clear`        the control shows nothing, and would have shown an effect of the size claimed
 * - `inconclusive` the control shows nothing, but its interval holds the effect claimed as well: it had no power to object
 * - `suspicious`   the control shows an effect that cannot be one, so whatever made it may have made the claim too
 */
export type ControlVerdict = 'clear' | 'inconclusive' | 'suspicious';

export interface NegativeControlResult {
  readonly name: string;
  readonly kind: NegativeControlKind;
  readonly verdict: ControlVerdict;
  /** What the same estimator found where there can be nothing. */
  readonly control: Estimate;
  readonly reason: string;
}

/** An outcome the exposure cannot have changed (orders before it), or an exposure that cannot change the outcome (a bad lot not shipped). */
export type NegativeControlKind = 'outcome' | 'exposure';

/**
 * The verdict of one control. With k controls at 95 %, one in twenty objects by chance alone: choose few, beforehand.
 *
 * Source: M. Lipsitch, E. Tchetgen Tchetgen and T. Cohen, Negative controls, Epidemiology 21 (2010).
 */
export function judgeNegativeControl(name: string, kind: NegativeControlKind, claim: Estimate, control: Estimate): NegativeControlResult {
  const what = kind === 'outcome' ? `the outcome '${name}' cannot be affected` : `the exposure '${name}' cannot have an effect`;
  const interval = `[${control.lower.toPrecision(3)}, ${control.upper.toPrecision(3)}]`;
  if (claimsEffect(control)) {
    return {
      name,
      kind,
      control,
      verdict: 'suspicious',
      reason: `${what}, yet the same estimator finds ${control.estimate.toPrecision(3)} ${interval}; the groups differ in something not adjusted for`,
    };
  }
  if (claimsEffect(claim) && control.lower <= claim.estimate && claim.estimate <= control.upper) {
    return {
      name,
      kind,
      control,
      verdict: 'inconclusive',
      reason: `${what} and nothing is found, but the interval ${interval} is wide enough to hide the effect claimed`,
    };
  }
  return { name, kind, control, verdict: 'clear', reason: `${what}, and nothing is found: ${interval}` };
}

/**
 * Runs one estimator on the data and on each control. `Data` is whatever the estimator takes.
 * @throws what the estimator throws: a control below the minimum n is no control
 */
export function withNegativeControls<Data>(
  estimator: (data: Data) => Estimate,
  data: Data,
  controls: readonly { readonly name: string; readonly kind: NegativeControlKind; readonly data: Data }[],
): { readonly claim: Estimate; readonly controls: readonly NegativeControlResult[]; readonly suspicious: boolean } {
  const claim = estimator(data);
  const results = controls.map(({ name, kind, data: controlled }) => judgeNegativeControl(name, kind, claim, estimator(controlled)));
  return { claim, controls: results, suspicious: results.some(({ verdict }) => verdict === 'suspicious') };
}
