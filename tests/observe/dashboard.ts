/** What docs/observability/grafana.json shows. */

const FILE = new URL("../../docs/observability/grafana.json", import.meta.url);

/** A query of a panel. */
export interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

/** A panel; those that only divide the page have no queries. */
export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly Target[];
}

/** All panels. */
export function panelsOfDashboard(): readonly Panel[] {
  return (JSON.parse(Deno.readTextFileSync(FILE)) as { readonly panels: readonly Panel[] }).panels;
}

/** A query as Prometheus takes it: for all processes. */
export function filledIn({ expr }: Target): string {
  return expr.replaceAll("$__rate_interval", "5m").replaceAll("$instance", ".*");
}
