/**
 * Seeded unit-normal noise, the same numbers that PyTorch draws on the CPU.
 *
 * `torch.Generator().manual_seed(seed)` and `torch.randn` are what diffusers starts a picture from, so the same seed
 * gives the same start here: MT19937, 24-bit uniforms and Box-Muller over blocks of 16 (PyTorch,
 * `aten/src/ATen/native/cpu/DistributionTemplates.h`, `normal_fill`). Equal to a few units in the last place.
 */

import { float } from "../../elements.ts";

const N = 624;
const M = 397;

/** A stream of normal numbers that depends on the seed alone. */
export class NormalNoise {
  readonly #state = new Uint32Array(N);
  #next = N;

  /** @param seed 0 to 2^32 - 1; Mersenne Twister is seeded with 32 bits. */
  constructor(seed: number) {
    // Matsumoto & Nishimura (1998), mt19937ar.c, init_genrand.
    this.#state[0] = seed >>> 0;
    for (let i = 1; i < N; i++) {
      const previous = this.#word(i - 1) ^ (this.#word(i - 1) >>> 30);
      this.#state[i] = (Math.imul(1812433253, previous) + i) >>> 0;
    }
  }

  /**
   * The next `count` numbers, as one call of `torch.randn` gives them.
   * @throws {RangeError} below 16 numbers, where PyTorch uses another formula.
   */
  draw(count: number): Float32Array {
    if (count < 16) throw new RangeError(`Cannot draw ${count} normal numbers: the smallest block is 16`);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.#uniform();
    for (let i = 0; i + 16 <= count; i += 16) boxMuller(values.subarray(i, i + 16));
    if (count % 16 !== 0) {
      // The tail is drawn again, over numbers that are already normal.
      const tail = values.subarray(count - 16);
      for (let i = 0; i < 16; i++) tail[i] = this.#uniform();
      boxMuller(tail);
    }
    return values;
  }

  /** Leaves out what `draw(count)` would have given. */
  skip(count: number): void {
    for (let left = count % 16 === 0 ? count : count + 16; left > 0;) {
      if (this.#next === N) this.#twist();
      const skipped = Math.min(left, N - this.#next);
      this.#next += skipped;
      left -= skipped;
    }
  }

  /** 24 random bits as a float in [0, 1). */
  #uniform(): number {
    return (this.#random() & 0xffffff) / 0x1000000;
  }

  #word(i: number): number {
    return this.#state[i] ?? 0; // always there: i is below N
  }

  #random(): number {
    if (this.#next === N) this.#twist();
    let y = this.#word(this.#next++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    for (let i = 0; i < N; i++) {
      const y = (this.#word(i) & 0x80000000) | (this.#word((i + 1) % N) & 0x7fffffff);
      this.#state[i] = this.#word((i + M) % N) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

/** Turns 16 uniforms into 16 normals in place: the first half gives radii, the second angles. */
function boxMuller(block: Float32Array): void {
  for (let j = 0; j < 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - float(block, j)));
    const angle = 2 * Math.PI * float(block, j + 8);
    block[j] = radius * Math.cos(angle);
    block[j + 8] = radius * Math.sin(angle);
  }
}
