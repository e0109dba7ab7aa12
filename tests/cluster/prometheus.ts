/** Prometheus' API, as far as tests ask it. */

import assert from "node:assert/strict";

/** What it says of one process or one rule. */
interface Health {
  readonly health: "up" | "down" | "ok" | "err" | "unknown";
  readonly lastError?: string;
}

/** The value of a query for one set of labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A running Prometheus. */
export class Prometheus {
  constructor(private readonly url: string) {}

  /** The processes that it looks at, by address. */
  async targets(): Promise<ReadonlyMap<string, Health>> {
    const { activeTargets } = await this.#get<{
      readonly activeTargets: readonly (Health & { readonly labels: { readonly instance: string } })[];
    }>("targets");
    return new Map(activeTargets.map((target) => [target.labels.instance, target]));
  }

  /** The alert rules, by name. */
  async rules(): Promise<ReadonlyMap<string, Health & { readonly state: "inactive" | "pending" | "firing" }>> {
    type Rule = Health & { readonly name: string; readonly state: "inactive" | "pending" | "firing" };
    const { groups } = await this.#get<{ readonly groups: readonly { readonly rules: readonly Rule[] }[] }>("rules");
    return new Map(groups.flatMap(({ rules }) => rules.map((rule) => [rule.name, rule])));
  }

  /** The values of a query now. */
  async query(query: string): Promise<readonly Sample[]> {
    const { result } = await this.#get<{
      readonly result: readonly { readonly metric: Sample["labels"]; readonly value: readonly [number, string] }[];
    }>(`query?${new URLSearchParams({ query })}`);
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  async #get<Data>(path: string): Promise<Data> {
    const answer = await (await fetch(`${this.url}/api/v1/${path}`)).json() as {
      readonly status: string;
      readonly error?: string;
      readonly data: Data;
    };
    assert.equal(answer.status, "success", `${path}: ${answer.error}`);
    return answer.data;
  }
}
