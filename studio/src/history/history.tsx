/** Earlier generations, the latest first. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { GenerationFieldsFragment, GenerationStatus } from "../api/generated.ts";
import { trouble } from "../paint/ask.ts";
import { compare } from "../paint/compare_state.ts";
import { isOver } from "../paint/events.ts";
import { job, jobInput } from "../paint/job.ts";
import { nameOf, standing } from "../paint/words.ts";
import {
  failure,
  filter,
  generations,
  loading,
  more,
  readOn,
  refreshUrls,
  remove,
  status,
  watch,
} from "./generations.ts";
import { look, openInEditor, regenerate, warnings } from "./open.ts";
import { VirtualStrip } from "./virtual_strip.tsx";

const STATUSES: readonly (readonly [status: GenerationStatus, label: string])[] = [
  ["SUCCEEDED", "Painted"],
  ["QUEUED", "Waiting"],
  ["RUNNING", "Being painted"],
  ["FAILED", "Failed"],
  ["CANCELED", "Canceled"],
  ["EXPIRED", "Expired"],
];

/** Pixels from one picture to the next. */
const PITCH = 136;

export function History(): JSX.Element {
  const chosen = useSignal<string | null>(null);
  useEffect(watch, []);
  const items = generations.value;
  const at = items.findIndex(({ id }) => id === chosen.value);
  const generation = items[at];
  return (
    <section aria-label="Earlier pictures" class="history">
      <div class="paint-row">
        <h2>Earlier pictures</h2>
        <label>
          Show{" "}
          <select
            value={status.value ?? ""}
            onChange={({ currentTarget: { value } }) => filter(STATUSES.find(([name]) => name === value)?.[0] ?? null)}
          >
            <option value="">all</option>
            {STATUSES.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
          </select>
        </label>
        {generation && <Actions key={generation.id} generation={generation} />}
      </div>
      <p role="alert" class="lost">{failure.value}</p>
      {items.length === 0 ? <p class="quiet">{loading.value ? "Looking" : "None yet."}</p> : (
        <VirtualStrip
          count={items.length}
          pitch={PITCH}
          current={at}
          onReach={(last) => last >= items.length - 20 && more.value && void readOn()}
          attributes={{
            role: "listbox",
            tabIndex: 0,
            "aria-label": "Earlier pictures",
            "aria-orientation": "horizontal",
            ...(generation ? { "aria-activedescendant": optionId(generation) } : {}),
            onKeyDown: (event) => {
              const to = target(event.key, at, items.length);
              if (event.key === "Enter" && generation) void look(generation);
              else if (to !== undefined) chosen.value = items[to]?.id ?? null;
              else return;
              event.preventDefault();
            },
          }}
        >
          {(index, style) => {
            const item = items[index];
            return item && (
              <Cell
                key={item.id}
                item={item}
                index={index}
                count={more.value ? -1 : items.length}
                selected={item.id === chosen.value}
                style={style}
                onChoose={() => chosen.value = item.id}
              />
            );
          }}
        </VirtualStrip>
      )}
      {warnings.value.length > 0 && (
        <ul class="warnings" aria-label="Opened with these warnings">
          {warnings.value.map(({ field, message }, i) => (
            <li key={i}>
              {message} <span class="quiet">({field})</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function optionId({ id }: GenerationFieldsFragment): string {
  return `earlier-${id}`;
}

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return Math.min(count - 1, at + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function Cell({ item, index, count, selected, style, onChoose }: {
  item: GenerationFieldsFragment;
  index: number;
  count: number;
  selected: boolean;
  style: JSX.CSSProperties;
  onChoose: () => void;
}): JSX.Element {
  const time = new Date(item.createdAt);
  const clock = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return (
    <div
      id={optionId(item)}
      role="option"
      class="cell"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={`${standing(item)} ${clock}, ${nameOf(item)}, ${time.toLocaleDateString()}`}
      style={style}
      onClick={onChoose}
      onDblClick={() => void openInEditor(item)}
    >
      {item.image?.url
        ? <img src={item.image.url} alt="" loading="lazy" decoding="async" onError={refreshUrls} />
        : <span class="quiet">{standing(item)}</span>}
      <time dateTime={item.createdAt}>{` ${clock}`}</time>
    </div>
  );
}

function Actions({ generation }: { generation: GenerationFieldsFragment }): JSX.Element {
  const sure = useSignal(false);
  const tried = useSignal(false);
  const current = job.value;
  const painted = generation.status === "SUCCEEDED";
  return (
    <div class="paint-row" role="group" aria-label="The chosen picture">
      <button type="button" onClick={() => void look(generation)}>Show</button>
      <button type="button" onClick={() => void openInEditor(generation)}>Open in the editor</button>
      {painted && current?.status === "SUCCEEDED" && current.id !== generation.id && (
        <button
          type="button"
          onClick={() => compare({ generation, input: null }, { generation: current, input: jobInput.value })}
        >
          Compare
        </button>
      )}
      {painted && (
        <button
          type="button"
          onClick={() => {
            tried.value = true;
            void regenerate(generation, false);
          }}
        >
          Paint once more
        </button>
      )}
      {tried.value && trouble.value !== null && (
        <button type="button" onClick={() => void regenerate(generation, true)}>Paint it all the same</button>
      )}
      {isOver(generation.status) && (sure.value
        ? <button type="button" class="danger" onClick={() => void remove(generation.id)}>Delete for good</button>
        : <button type="button" onClick={() => sure.value = true}>Delete</button>)}
    </div>
  );
}
