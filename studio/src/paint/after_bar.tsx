/** What can be done with a finished picture: compare it, paint it in another way, paint a region of it anew. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { selected } from "../draft/store.ts";
import { namesInPicture } from "./anew.ts";
import { asking } from "./ask.ts";
import { compare } from "./compare_state.ts";
import { earlier, goBack, job, jobInput, shown } from "./job.ts";
import { differences, paintAlso, reroll } from "./paint.ts";
import { nameOf } from "./words.ts";

export function AfterBar(): JSX.Element | null {
  const generation = job.value;
  if (generation?.status !== "SUCCEEDED") return null;
  const input = jobInput.value;
  const last = earlier.value.at(-1);
  const other = generation.mode === "LATENT" ? "ATTENTION" : "LATENT";
  // What is painted anew has no words in a new request.
  const repeatable = input !== null && generation.rerolls.length === 0;
  return (
    <div class="after">
      <Pictures />
      <div class="paint-row">
        <p class="quiet">{nameOf(generation)}</p>
        {last && <button type="button" onClick={goBack}>Back</button>}
        {last && <button type="button" onClick={() => compare(last, { generation, input })}>Compare</button>}
        {repeatable && (
          <>
            <button type="button" aria-disabled={asking.value} onClick={() => void paintAlso({ mode: other })}>
              In {other.toLowerCase()} mode too
            </button>
            <button type="button" aria-disabled={asking.value} onClick={() => void paintAlso({ seed: anySeed() })}>
              Another seed
            </button>
          </>
        )}
      </div>
      <Reroll />
      {differences.value.length > 0 && (
        <ul class="quiet" aria-label="Not as it was">
          {differences.value.map(({ field, was, is }) => (
            <li key={field}>{field}: {was ?? "unknown"} then, {is ?? "unknown"} now</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The pictures of a generation of several. */
function Pictures(): JSX.Element | null {
  const pictures = job.value?.pictures ?? [];
  if (pictures.length < 2) return null;
  return (
    <div class="paint-row" role="group" aria-label="Pictures">
      {pictures.map(({ seed, image }, i) => (
        <button
          key={seed}
          type="button"
          aria-pressed={shown.value?.url === image.url}
          onClick={() => image.url !== null && (shown.value = { ...image, url: image.url })}
        >
          {i + 1}: seed {seed}
        </button>
      ))}
    </div>
  );
}

function Reroll(): JSX.Element | null {
  const chosen = useSignal<string | null>(null);
  const lockRest = useSignal(true);
  const names = namesInPicture.value;
  if (names.length === 0) return null;
  const wanted = [chosen.value, selected.value[0]?.name].find((name) => names.some((known) => known === name));
  const region = wanted ?? names[0] ?? "";
  return (
    <div class="paint-row" role="group" aria-label="A region anew">
      <label>
        Region{" "}
        <select value={region} onChange={({ currentTarget }) => chosen.value = currentTarget.value}>
          {names.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </label>
      <button type="button" aria-disabled={asking.value} onClick={() => void reroll(region, lockRest.value)}>
        Paint it anew
      </button>
      <label>
        <input
          type="checkbox"
          checked={lockRest.value}
          onChange={({ currentTarget }) => lockRest.value = currentTarget.checked}
        />{" "}
        Hold the rest
      </label>
    </div>
  );
}

function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
