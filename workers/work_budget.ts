/** What one operation of a caller may cost this server beside its answer, however many fields it asks for. */

/** What is counted. */
export type Cost = "drafts" | "pixels" | "milliseconds" | "characters";

const WORDS: Readonly<Record<Cost, string>> = {
  drafts: "drafts of layouts",
  pixels: "pixels in pictures of layouts",
  milliseconds: "milliseconds of drafting and of decoding masks",
  characters: "characters of prompts and imports",
};

/** An operation asked for more than one may cost. */
export class BudgetExceededError extends Error {
  override readonly name = "BudgetExceededError";
  readonly code = "BUDGET_EXCEEDED";

  /**
   * @param budget What there was too much of.
   * @param limit How much of it an operation may have.
   */
  constructor(readonly budget: Cost, readonly limit: number) {
    super(`Cannot do so much in one operation: it may have ${limit} ${WORDS[budget]}; send several operations`);
  }
}

/** The costs that one operation may run up. */
const OPERATION_COSTS: Readonly<Record<Cost, number>> = {
  // Every layout can take four: measured, checked for holes, drawn in pixels and as SVG.
  drafts: 64,
  // Eight pictures of 2048 x 2048.
  pixels: 2 ** 25,
  milliseconds: 20_000,
  // Five of the largest layouts' prompts, or the largest import.
  characters: 2 ** 20,
};

/** Counts the costs of one operation. */
export class WorkBudget {
  readonly #spent: Record<Cost, number> = { drafts: 0, pixels: 0, milliseconds: 0, characters: 0 };

  constructor(private readonly limits: Readonly<Record<Cost, number>> = OPERATION_COSTS) {}

  /** How much is left, at least 0. */
  left(cost: Cost): number {
    return Math.max(0, this.limits[cost] - this.#spent[cost]);
  }

  /**
   * Spends something before it is done; what is refused is not spent.
   * @throws {BudgetExceededError} if that is more than is left.
   */
  spend(cost: Cost, amount: number): void {
    if (amount > this.left(cost)) throw this.exceeded(cost);
    this.#spent[cost] += amount;
  }

  /** Notes what something has cost, also if that was more than was left. */
  note(cost: Cost, amount: number): void {
    this.#spent[cost] += amount;
  }

  /** The error of having none left. */
  exceeded(cost: Cost): BudgetExceededError {
    return new BudgetExceededError(cost, this.limits[cost]);
  }
}
