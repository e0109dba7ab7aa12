/**
 * Against documents that cost more than they may before they are even understood: parsing takes memory by the token and
 * stack by the level. Both are counted by the lexer alone, which stops at the limit.
 */

import { GraphQLError, Lexer, Source, type Token, TokenKind } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Tokens of a document, comments included. */
const MAX_TOKENS = 10_000;
/** Levels of braces, brackets and parentheses in each other. */
const MAX_DEPTH = 100;

const OPENING: readonly TokenKind[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const CLOSING: readonly TokenKind[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** Refuses documents, before they are parsed, as a syntax error would be. */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ params: { source } }) {
      checkDocument(typeof source === "string" ? new Source(source) : source);
    },
  };
}

/** @throws {GraphQLError} if a document has too many tokens, or is nested too deep. */
function checkDocument(source: Source): void {
  const lexer = new Lexer(source);
  let tokens = 0;
  let depth = 0;
  for (let token = nextToken(lexer); token !== undefined; token = nextToken(lexer)) {
    if (token.kind !== TokenKind.EOF) tokens++;
    for (let before = token.prev; before?.kind === TokenKind.COMMENT; before = before.prev) tokens++;
    if (OPENING.includes(token.kind)) depth++;
    if (CLOSING.includes(token.kind)) depth--;
    if (tokens > MAX_TOKENS) throw refused("TOO_MANY_TOKENS", `it may have at most ${MAX_TOKENS} tokens`);
    if (depth > MAX_DEPTH) throw refused("TOO_DEEP", `it may be nested at most ${MAX_DEPTH} levels deep`);
  }
}

/** The next token; undefined after the end, and where the parser will find an error before it goes any further. */
function nextToken(lexer: Lexer): Token | undefined {
  if (lexer.token.kind === TokenKind.EOF) return undefined;
  try {
    return lexer.advance();
  } catch {
    return undefined;
  }
}

function refused(code: string, rule: string): GraphQLError {
  return new GraphQLError(`Cannot read the document: ${rule}`, { extensions: { code, http: { status: 400 } } });
}
