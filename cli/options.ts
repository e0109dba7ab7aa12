/** Options that several commands have, and how their values are read. */

import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { Output } from "./output.ts";

/** A whole number. @throws {InvalidArgumentError} for anything else; ranges are the server's to judge. */
export function wholeNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

/** A number. @throws {InvalidArgumentError} for anything else. */
export function decimalNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

/** A size in pixels, as `768x256`. @throws {InvalidArgumentError} for anything else. */
export function pixelSize(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = text.match(/^(\d{1,6})x(\d{1,6})$/i) ?? [];
  if (width === undefined || height === undefined) {
    throw new InvalidArgumentError("It must be WIDTHxHEIGHT in pixels, for instance 768x256.");
  }
  return { width: Number(width), height: Number(height) };
}

/** Adds the options of every command: which server, and for whom the output is. */
export function withConnection(command: Command): Command<[], ConnectionValues> {
  return command
    .addOption(
      new Option("--server <url>", "talk to this running server; without it the command is one of its own").env(
        "PARTERRE_URL",
      ),
    )
    // A key in an argument is seen by everybody who lists processes; its value is never printed.
    .addOption(
      new Option("--key <key>", "the key to send to that server; better in the environment").env("PARTERRE_KEY"),
    )
    .addOption(new Option("--data <folder>", "the own server's data folder (default: PARTERRE_DATA, or data)"))
    .option("--json", "write results as JSON, for programs")
    .option("-q, --quiet", "say nothing of progress");
}

/** The values of {@link withConnection}'s options; no interface, which commander does not take. */
export type ConnectionValues = {
  readonly server?: string | undefined;
  readonly key?: string | undefined;
  readonly data?: string | undefined;
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
};

/** Adds the options that say what is painted, and how large. */
export function withLayout(command: Command<[], ConnectionValues>): Command<[], ConnectionValues & LayoutValues> {
  return command
    .option("-l, --layout <file>", "the layout as JSON, as `layouts get` and `import` write it; - for standard input")
    .option("-i, --input <file>", "the whole input as JSON, a GenerateInput; options replace what it says")
    .addOption(new Option("--saved <id>", "a saved layout, in its latest version").conflicts("layout"))
    .option("-p, --prompt <text>", "the base prompt: alone a picture without regions, else in place of the layout's")
    .option("-n, --negative <text>", "what to keep away, in place of the layout's negative prompt")
    .option("-m, --model <name>", "the model (default: the server's)")
    .option("--size <pixels>", "WIDTHxHEIGHT (default: by the layout's aspect, else the model's)", pixelSize)
    .option("--steps <number>", "denoising steps (default: the model's)", wholeNumber);
}

/** The values of {@link withLayout}'s options. */
export type LayoutValues = {
  readonly layout?: string | undefined;
  readonly input?: string | undefined;
  readonly saved?: string | undefined;
  readonly prompt?: string | undefined;
  readonly negative?: string | undefined;
  readonly model?: string | undefined;
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly steps?: number | undefined;
};

/** Where a command with these options writes. */
export function outputOf({ json, quiet }: ConnectionValues): Output {
  return new Output(json === true, quiet === true);
}

/** Examples, for the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
