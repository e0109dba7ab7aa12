/** Python's arithmetic on numbers, as far as sizes are worked out with it: + - * / // % **, brackets, a few functions. */

const TOKEN = /\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z_]\w*)|(\*\*|\/\/|[-+*/%(),]))/y;

const FUNCTIONS: ReadonlyMap<string, (...values: number[]) => number> = new Map(Object.entries({
  min: Math.min,
  max: Math.max,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
  int: Math.trunc,
  abs: Math.abs,
}));

/** Longer expressions are none of a size. */
const MAX_LENGTH = 300;

/** The value of an expression; undefined where it is none, or no finite number. */
export function evaluateArithmetic(source: string, variables: ReadonlyMap<string, number>): number | undefined {
  const tokens = source.length > MAX_LENGTH ? undefined : tokensOf(source);
  if (tokens === undefined) return undefined;
  const parser = new Parser(tokens, variables);
  const value = parser.sum();
  return value !== undefined && parser.atEnd && Number.isFinite(value) ? value : undefined;
}

function tokensOf(source: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const text = source.trim();
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length;) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return tokens;
}

/** Recursive descent, one method for each level of precedence; undefined is a broken expression. */
class Parser {
  #at = 0;

  constructor(private readonly tokens: readonly string[], private readonly variables: ReadonlyMap<string, number>) {}

  get atEnd(): boolean {
    return this.#at === this.tokens.length;
  }

  sum(): number | undefined {
    return this.#chain(["+", "-"], () => this.#product(), (operator, a, b) => operator === "+" ? a + b : a - b);
  }

  #product(): number | undefined {
    return this.#chain(["*", "/", "//", "%"], () => this.#sign(), (operator, a, b) => {
      if (operator === "*") return a * b;
      if (operator === "/") return a / b;
      return operator === "//" ? Math.floor(a / b) : a - b * Math.floor(a / b);
    });
  }

  #sign(): number | undefined {
    let negative = false;
    for (; this.tokens[this.#at] === "-" || this.tokens[this.#at] === "+"; this.#at++) {
      if (this.tokens[this.#at] === "-") negative = !negative;
    }
    const value = this.#power();
    return value === undefined || !negative ? value : -value;
  }

  #power(): number | undefined {
    const base = this.#atom();
    if (base === undefined || !this.#take("**")) return base;
    const exponent = this.#sign();
    return exponent === undefined ? undefined : base ** exponent;
  }

  #atom(): number | undefined {
    const token = this.tokens[this.#at++];
    if (token === undefined) return undefined;
    if (token === "(") {
      const value = this.sum();
      return this.#take(")") ? value : undefined;
    }
    if (/^[\d.]/.test(token)) return Number(token);
    const call = FUNCTIONS.get(token);
    if (call !== undefined && this.#take("(")) return this.#call(call);
    return this.variables.get(token);
  }

  #call(call: (...values: number[]) => number): number | undefined {
    const values: number[] = [];
    do {
      const value = this.sum();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.#take(","));
    return this.#take(")") ? call(...values) : undefined;
  }

  #chain(
    operators: readonly string[],
    operand: () => number | undefined,
    apply: (operator: string, a: number, b: number) => number,
  ): number | undefined {
    let value = operand();
    for (
      let next = this.tokens[this.#at];
      next !== undefined && operators.includes(next);
      next = this.tokens[this.#at]
    ) {
      this.#at++;
      const right = operand();
      value = value === undefined || right === undefined ? undefined : apply(next, value, right);
      if (value === undefined) return undefined;
    }
    return value;
  }

  #take(token: string): boolean {
    if (this.tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}
