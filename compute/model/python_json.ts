/** JSON as Python writes it: with `Infinity`, `-Infinity` and `NaN` as bare words, which the standard leaves out. */

/** Strings first, so that a word inside one is never touched. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

/**
 * Parses what Python's `json.dump` wrote, for instance a diffusers `scheduler_config.json` with a
 * `lambda_min_clipped` of `-Infinity`. NaN becomes null.
 * @throws {SyntaxError} if the text is not JSON otherwise.
 */
export function parsePythonJson(text: string): unknown {
  const json = text.replaceAll(STRING_OR_WORD, (match) => {
    switch (match) {
      case "NaN":
        return "null";
      case "Infinity":
        return "1e999"; // beyond the largest number, so it parses as Infinity
      case "-Infinity":
        return "-1e999";
      default:
        return match;
    }
  });
  return JSON.parse(json);
}
