/** What the server can do: its models, samplers and LoRAs, asked for once and again where that may have changed. */

import { computed, effect, signal } from "@preact/signals";
import { client } from "../api/client.ts";
import { reachable } from "../api/connection.ts";
import { LorasDocument, type LorasQuery, ModelsDocument, type ModelsQuery } from "../api/generated.ts";
import { key } from "../api/key.ts";
import { draft, isFirstVisit, settle } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";

export type Model = ModelsQuery["models"][number];
export type Sampler = ModelsQuery["samplers"][number];

export const models = signal<readonly Model[]>([]);
export const samplers = signal<readonly Sampler[]>([]);

/** Of the model in use. */
export const loras = signal<LorasQuery["loras"]>([]);

/** The name of the model that the draft is for. */
const modelName = computed(() => draft.value.settings.model ?? report.value?.model);

/** The model that the draft is for; undefined until the server has told of it. */
export const model = computed(() => models.value.find(({ name }) => name === modelName.value));

/** Begins to ask; called once, by the page. */
export function followServer(): void {
  effect(() => {
    key.value;
    if (reachable.value) askForModels();
  });
  effect(() => {
    key.value;
    askForLoras(modelName.value);
  });
}

/** Asks what models there are, and which are in memory. */
export function askForModels(): void {
  client.query(ModelsDocument, {}).toPromise().then(({ data }) => {
    if (data === undefined) return;
    models.value = data.models;
    const model = quickModel();
    if (isFirstVisit && model !== undefined) {
      settle(({ settings, ...draft }) => ({ ...draft, settings: { model, ...settings } }));
    }
    samplers.value = data.samplers;
  });
}

/** The model that paints the example: one of few steps, where the server has one; undefined for the server's first. */
export function quickModel(): string | undefined {
  return models.value.find(({ capabilities }) => (capabilities?.distillation ?? "NONE") !== "NONE")?.name;
}

function askForLoras(name: string | undefined): void {
  if (name === undefined) return;
  client.query(LorasDocument, { model: name }).toPromise().then(({ data }) => {
    if (data !== undefined && name === modelName.peek()) loras.value = data.loras;
  });
}
