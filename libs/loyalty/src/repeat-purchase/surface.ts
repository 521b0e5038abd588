/** A log-likelihood at one point of parameter space, with its first and second derivatives by the parameters as they are. */
export interface NaturalSurface {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Row by row, k × k. */
  readonly hessian: Float64Array;
}

/** Adds up log-likelihoods and their derivatives in the order given: value and slopes compensated (Neumaier 1974), for they decide where the optimum lies. */
export class SurfaceSum {
  private readonly sums: Float64Array;
  private readonly lost: Float64Array;
  private readonly hessian: Float64Array;

  constructor(private readonly parameters: number) {
    this.sums = new Float64Array(1 + parameters);
    this.lost = new Float64Array(1 + parameters);
    this.hessian = new Float64Array(parameters * parameters);
  }

  addValue(term: number): void {
    this.add(0, term);
  }

  addGradient(parameter: number, term: number): void {
    this.add(1 + parameter, term);
  }

  /** A term of ∂²/∂row∂column with row ≤ column; the other triangle mirrors it. */
  addHessian(row: number, column: number, term: number): void {
    this.hessian[row * this.parameters + column] += term;
  }

  total(): NaturalSurface {
    const k = this.parameters;
    const at = (index: number): number => this.sums[index] + this.lost[index];
    const gradient = Float64Array.from({ length: k }, (_, index) => at(1 + index));
    const hessian = Float64Array.from({ length: k * k }, (_, index) => {
      const [row, column] = [Math.floor(index / k), index % k];
      return this.hessian[Math.min(row, column) * k + Math.max(row, column)];
    });
    return { value: at(0), gradient, hessian };
  }

  private add(index: number, term: number): void {
    const sum = this.sums[index];
    const next = sum + term;
    this.lost[index] += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    this.sums[index] = next;
  }
}
