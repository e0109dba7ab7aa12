/** Method calls with literal arguments, read from Python text without running it. */

import type { Source } from "../adapted.ts";

/** A literal; lists hold strings only. */
export type PythonValue = string | number | readonly string[];

export interface PythonArgument {
  /** Null: by position. */
  readonly name: string | null;
  readonly value: PythonValue;
  readonly offset: number;
}

/** `object.method(...)`; offsets are those of the text. */
export interface PythonCall {
  readonly object: string;
  readonly method: string;
  readonly args: readonly PythonArgument[];
  readonly offset: number;
}

interface Token {
  readonly kind: "NAME" | "NUMBER" | "STRING" | "MARK" | "END";
  /** What a string says; of others, the characters. */
  readonly text: string;
  readonly offset: number;
}

/** Raised inside of this file where the text is not understood. */
class NotUnderstood {
  constructor(readonly reason: string, readonly offset: number) {}
}

/**
 * The method calls in [start, end) of a text, in their order. Comments and `name = Name()` are passed over. Where the text
 * is not understood, the place is noted and the calls before it are returned.
 */
export function readPythonCalls(source: Source, start: number, end: number): readonly PythonCall[] {
  const calls: PythonCall[] = [];
  try {
    const parser = new Parser(new Lexer(source.text, start, end));
    for (let call = parser.statement(); call !== undefined; call = parser.statement()) {
      if (call !== "ASSIGNMENT") calls.push(call);
    }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    source.problem("INVALID_VALUE", `must be calls with literal arguments: ${error.reason}`, error.offset);
  }
  return calls;
}

class Parser {
  #token: Token;

  constructor(private readonly lexer: Lexer) {
    this.#token = lexer.next();
  }

  /** A call or an assignment; undefined at the end. */
  statement(): PythonCall | "ASSIGNMENT" | undefined {
    while (this.#take(";")) { /* between statements */ }
    if (this.#token.kind === "END") return undefined;
    const { offset } = this.#token;
    const object = this.#name();
    if (this.#take("=")) {
      this.#name();
      this.#expect("(");
      this.#expect(")");
      return "ASSIGNMENT";
    }
    this.#expect(".");
    const method = this.#name();
    this.#expect("(");
    const args: PythonArgument[] = [];
    while (!this.#take(")")) {
      args.push(this.#argument());
      if (this.#take(")")) break;
      this.#expect(",");
    }
    return { object, method, args, offset };
  }

  #argument(): PythonArgument {
    const { offset } = this.#token;
    if (this.#token.kind !== "NAME") return { name: null, value: this.#value(), offset };
    const name = this.#name();
    this.#expect("=");
    return { name, value: this.#value(), offset: offset };
  }

  #value(): PythonValue {
    if (this.#token.kind === "STRING") return this.#string();
    if (this.#take("[")) {
      const items: string[] = [];
      while (!this.#take("]")) {
        items.push(this.#string());
        if (this.#take("]")) break;
        this.#expect(",");
      }
      return items;
    }
    const sign = this.#take("-") ? -1 : this.#take("+") ? 1 : 1;
    if (this.#token.kind !== "NUMBER") throw this.#unexpected("a text, a number or a list of texts");
    const value = sign * Number(this.#token.text.replaceAll("_", ""));
    if (!Number.isFinite(value)) throw new NotUnderstood("a number that is not finite", this.#token.offset);
    this.#token = this.lexer.next();
    return value;
  }

  /** Strings one behind the other are one. */
  #string(): string {
    if (this.#token.kind !== "STRING") throw this.#unexpected("a text");
    const parts: string[] = [];
    for (; this.#token.kind === "STRING"; this.#token = this.lexer.next()) parts.push(this.#token.text);
    return parts.join("");
  }

  #name(): string {
    const { kind, text } = this.#token;
    if (kind !== "NAME") throw this.#unexpected("a name");
    this.#token = this.lexer.next();
    return text;
  }

  #take(mark: string): boolean {
    if (this.#token.kind !== "MARK" || this.#token.text !== mark) return false;
    this.#token = this.lexer.next();
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#unexpected(`"${mark}"`);
  }

  #unexpected(wanted: string): NotUnderstood {
    const { kind, text, offset } = this.#token;
    const found = kind === "END" ? "the end" : kind === "STRING" ? "a text" : `"${text.slice(0, 40)}"`;
    return new NotUnderstood(`${wanted} is expected, not ${found}`, offset);
  }
}

const SPACE = /(?:[ \t\r\n\f]+|#[^\n]*|\\\r?\n)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
]);

class Lexer {
  constructor(private readonly text: string, private at: number, private readonly end: number) {}

  next(): Token {
    this.#match(SPACE);
    const offset = this.at;
    if (offset >= this.end) return { kind: "END", text: "", offset: this.end };
    const name = this.#match(NAME);
    const quote = this.text[this.at];
    if (quote === '"' || quote === "'") {
      if (!/^[rRuU]?$/.test(name)) throw new NotUnderstood(`"${name}" before a text is not supported`, offset);
      return { kind: "STRING", text: this.#string(quote, /^r$/i.test(name), offset), offset };
    }
    if (name !== "") return { kind: "NAME", text: name, offset };
    const number = this.#match(NUMBER);
    if (number !== "") return { kind: "NUMBER", text: number, offset };
    return { kind: "MARK", text: this.text[this.at++] ?? "", offset };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  #string(quote: string, raw: boolean, offset: number): string {
    const long = this.text.startsWith(quote.repeat(3), this.at);
    const close = long ? quote.repeat(3) : quote;
    this.at += close.length;
    const parts: string[] = [];
    let from = this.at;
    while (this.at < this.end) {
      const c = this.text[this.at];
      if (c === quote && this.text.startsWith(close, this.at)) {
        parts.push(this.text.slice(from, this.at));
        this.at += close.length;
        return parts.join("");
      }
      if (c === "\n" && !long) break;
      if (c === "\\" && raw) {
        this.at += 2;
      } else if (c === "\\") {
        parts.push(this.text.slice(from, this.at), this.#escape());
        from = this.at;
      } else this.at++;
    }
    throw new NotUnderstood("a text that does not end", offset);
  }

  /** What a backslash and the characters behind it stand for; those without a meaning stay as they are. */
  #escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    const digits = letter === "x" ? 2 : letter === "u" ? 4 : letter === "U" ? 8 : 0;
    if (digits > 0) {
      const hex = this.text.slice(this.at + 2, this.at + 2 + digits);
      const code = parseInt(hex, 16);
      if (hex.length < digits || !/^[0-9a-f]+$/i.test(hex) || code > 0x10ffff) {
        throw new NotUnderstood("an escape that is none", this.at);
      }
      this.at += 2 + digits;
      return String.fromCodePoint(code);
    }
    this.at += 2;
    return ESCAPES.get(letter) ?? `\\${letter}`;
  }
}
