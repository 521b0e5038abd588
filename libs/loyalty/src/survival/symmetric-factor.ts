// Cholesky factors of small symmetric matrices, kept row by row in a flat array. Beside solving they say which column depends on
// those before it: a general decomposition only says that some column does.

/** M = L·Lᵀ, `lower` L row by row. `dependent` is the first column that follows from those before it; then nothing can be solved. */
export interface SymmetricFactor {
  readonly size: number;
  readonly lower: Float64Array;
  readonly dependent: number | null;
}

/** `tolerance`: what share of a column's own diagonal must remain once the columns before it are taken out. */
export function factorise(matrix: Float64Array, size: number, tolerance: number): SymmetricFactor {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let rest = matrix[row * size + column];
      for (let k = 0; k < column; k += 1) rest -= lower[row * size + k] * lower[column * size + k];
      if (column < row) lower[row * size + column] = rest / lower[column * size + column];
      else if (rest > tolerance * Math.abs(matrix[row * size + row]) && rest > 0) lower[row * size + row] = Math.sqrt(rest);
      else return { size, lower, dependent: row };
    }
  }
  return { size, lower, dependent: null };
}

/** x with M·x = `right`. */
export function solve({ size, lower }: SymmetricFactor, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    for (let k = 0; k < row; k += 1) x[row] -= lower[row * size + k] * x[k];
    x[row] /= lower[row * size + row];
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let k = row + 1; k < size; k += 1) x[row] -= lower[k * size + row] * x[k];
    x[row] /= lower[row * size + row];
  }
  return x;
}

/** The inverse of M, symmetric to the last digit. */
export function inverseOf(factor: SymmetricFactor): Float64Array {
  const { size } = factor;
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let column = 0; column < size; column += 1) {
    unit.fill(0);
    unit[column] = 1;
    const x = solve(factor, unit);
    for (let row = 0; row <= column; row += 1) {
      inverse[row * size + column] = x[row];
      inverse[column * size + row] = x[row];
    }
  }
  return inverse;
}

/** vᵀ·M·v. */
export function quadraticForm(matrix: ArrayLike<number>, vector: ArrayLike<number>): number {
  const size = vector.length;
  let sum = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) sum += vector[row] * matrix[row * size + column] * vector[column];
  }
  return sum;
}

export function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index] * other[index];
  return sum;
}

/** Rows of a flat square matrix. */
export function rowsOf(matrix: Float64Array, size: number): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from(matrix.subarray(row * size, (row + 1) * size)));
}
