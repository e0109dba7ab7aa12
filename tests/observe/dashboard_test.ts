/** The dashboard, the alert rules and the manual name the metrics that there are. */

import { strict as assert } from "node:assert";
import { parser } from "@prometheus-io/lezer-promql";
import { Metrics } from "../../observe/metrics.ts";
import { filledIn, panelsOfDashboard } from "./dashboard.ts";

const DOCS = new URL("../../docs/", import.meta.url);

/** A metric as its registry keeps it; the declarations leave out the labels. */
interface Known {
  readonly name: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

const KNOWN = new Map(
  (new Metrics("test").registry.getMetricsAsArray() as unknown as Known[]).map((metric) => [metric.name, metric]),
);

/** Labels that the scrape adds. */
const OF_THE_SCRAPE = ["instance", "job", "le"];

/** The metric behind a name in an expression: histograms have three series each. */
function metricOf(name: string): Known | undefined {
  const histogram = KNOWN.get(name.replace(/_(bucket|sum|count)$/, ""));
  return histogram?.type === "histogram" && histogram.name !== name ? histogram : KNOWN.get(name);
}

/** Checks that an expression can be parsed, and names metrics and labels that there are. */
function check(query: string): void {
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => assert.ok(!type.isError, `Cannot parse ${query} at "${query.slice(from, to + 12)}"`),
  });
  const names = [...query.matchAll(/\b(?:parterre|process)_\w+/g)].map(([name]) => name);
  assert.ok(names.length > 0 || query.includes("up{"), query);
  const labels = new Set(OF_THE_SCRAPE);
  for (const name of names) {
    const metric = metricOf(name);
    assert.ok(
      metric !== undefined && (metric.type !== "histogram" || metric.name !== name),
      `No series is called ${name}`,
    );
    for (const label of metric.labelNames) labels.add(label);
  }
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) =>
    list.split(",").map((l) => l.trim())
  );
  const matched = [...query.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = ""]) => label);
  for (const label of [...grouped, ...matched]) assert.ok(labels.has(label), `${query} has no label "${label}"`);
}

Deno.test("every expression of the dashboard parses, and asks for metrics and labels that are exported", () => {
  const panels = panelsOfDashboard();
  const targets = panels.flatMap(({ targets = [] }) => targets);
  assert.ok(targets.length > 20);
  for (const target of targets) {
    const { expr, legendFormat } = target;
    check(filledIn(target));
    for (const [, label = ""] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
      assert.ok(expr.includes("by (") ? new RegExp(`\\b${label}\\b`).test(expr) : OF_THE_SCRAPE.includes(label), expr);
    }
  }
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
});

Deno.test("every alert rule parses, and asks for metrics and labels that are exported", () => {
  const rules = Deno.readTextFileSync(new URL("observability/alerts.yml", DOCS));
  const expressions = [...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = ""]) => expression);
  assert.equal(expressions.length, [...rules.matchAll(/- alert:/g)].length);
  for (const expression of expressions) check(expression);
});

Deno.test("the manual's table has every metric, with its labels, and no other", () => {
  const manual = Deno.readTextFileSync(new URL("observability.md", DOCS));
  const rows = [...manual.matchAll(/^\| `((?:parterre|process)_\w+)` +\| (\w+) +\| (.*?) *\|/gm)];
  const documented = rows.map(([, name, type, labels = ""]) => [
    name,
    type,
    [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).join(),
  ]);
  const exported = [...KNOWN.values()].map(({ name, type, labelNames }) => [name, type, labelNames.join()]);
  assert.deepEqual(documented.sort(), exported.sort());
});
