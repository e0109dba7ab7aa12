/** What is wrong with settings, in sentences: the variable, the rule, the value, and what was probably meant. */

import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { quote } from "../errors.ts";
import { withoutPassword } from "./backends.ts";

/**
 * Variables that Kubernetes and linked containers set for a service named parterre, beside `PARTERRE_PORT`.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)$/;

/** Variables whose values nobody may see. */
const SECRET = /_(KEY|SECRET|TOKEN|PASSWORD|DATABASE|REDIS)$/;

/** Variables of `deno task cli` and of clients, which stand in the environment of who also starts servers. */
const CLIENT = ["PARTERRE_URL", "PARTERRE_KEY"];

/** Variables that only tests read. */
const TEST = /^PARTERRE_TEST_/;

/**
 * ` (did you mean "x"?)` for the known name that is most like an unknown one; empty if none is.
 * @param prefix What all of them begin with, which says nothing about their likeness.
 */
export function suggestion(unknown: string, known: readonly string[], prefix = ""): string {
  const short = (name: string) => name.slice(prefix.length).toLowerCase();
  const wanted = short(unknown);
  if (known.length === 0 || wanted === "") return "";
  const likest = closest(wanted, known.map(short));
  const near = distance(wanted, likest) <= Math.max(2, wanted.length / 3) || likest.startsWith(wanted);
  return near ? ` (did you mean "${known.find((name) => short(name) === likest)}"?)` : "";
}

/** A sentence for every variable that looks like a setting and is none. */
export function unknownSettings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): readonly string[] {
  return Object.keys(environment)
    .filter((name) => /^parterre_/i.test(name) && !known.includes(name))
    .filter((name) => !SERVICE_LINK.test(name) && !CLIENT.includes(name) && !TEST.test(name))
    .map((name) => {
      const guess = suggestion(name, known, "PARTERRE_");
      return `${name} is no setting${guess === "" ? `: there are ${known.join(", ")}` : guess}`;
    });
}

/** The sentence for what zod found: `PARTERRE_PORT must be a whole number from 0 to 65535, got "http"`. */
export function settingProblem(
  { path, message }: z.core.$ZodIssue,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const name = path.join(".");
  const value = environment[String(path[0])] ?? "";
  const link = name === "PARTERRE_PORT" && /^(tcp|udp):\/\//.test(value);
  const hint = link ? " (Kubernetes sets it for a Service named parterre: set enableServiceLinks to false)" : "";
  const got = SECRET.test(name) ? "something else" : quote(withoutPassword(value));
  return `${name} ${message}, got ${got}${hint}`;
}

/** The rule that a value breaks, for schemas that do not word it themselves. */
export const ruleInWords: z.core.$ZodErrorMap = (issue: z.core.$ZodRawIssue): string | undefined => {
  switch (issue.code) {
    case "invalid_type":
      return `must be a ${issue.expected === "int" ? "whole number" : issue.expected}`;
    case "too_small":
      return `must ${sized(issue.origin)} at least ${issue.minimum}${unit(issue.origin)}`;
    case "too_big":
      return `must ${sized(issue.origin)} at most ${issue.maximum}${unit(issue.origin)}`;
    case "invalid_value": {
      const values = issue.values.map(String);
      return values.length === 1
        ? `must be ${values[0]}`
        : `must be one of ${values.join(", ")}${suggestion(String(issue.input), values)}`;
    }
    case "invalid_format":
      return `must be a valid ${issue.format.replaceAll("_", " ")}`;
    default:
      return undefined;
  }
};

/** Whether a size is of the value or of what it holds. */
function sized(origin: string): string {
  return origin === "string" || origin === "array" ? "have" : "be";
}

function unit(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}
