/** A picture that is sent to the server and named by its address from then on. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client } from "../api/client.ts";
import { UploadImageDocument } from "../api/generated.ts";
import { Field } from "../fields/field.tsx";

interface Props {
  readonly label: string;
  readonly path: string;
  /** The id or the URL of an uploaded image, or the URL of a generation's picture. */
  readonly value: string | undefined;
  readonly onValue: (value: string | undefined) => void;
}

export function ImageField({ label, path, value, onValue }: Props): JSX.Element {
  const [state, setState] = useState<string | null>(null);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setFault(undefined);
    setState(`Sending ${file.name}…`);
    const answer = await upload(file);
    setState(null);
    if ("id" in answer) onValue(answer.id);
    else setFault(answer.fault);
  };
  return (
    <Field label={label} paths={[path]} problem={fault} help={state ?? "PNG, JPEG or WebP"}>
      {(control) => (
        <div class="image-field">
          {value !== undefined && (address(value) === undefined
            ? <span class="hint">{value.slice(0, 8)}…</span>
            : <img src={address(value)} alt="" />)}
          <input
            {...control}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            onChange={({ currentTarget }) => void take(currentTarget.files?.[0])}
          />
          {value !== undefined && (
            <button
              type="button"
              class="plain"
              aria-label={`${label}: remove`}
              onClick={() => onValue(undefined)}
            >
              Remove
            </button>
          )}
        </div>
      )}
    </Field>
  );
}

/** Where uploaded images are, by id: the draft keeps ids, which stay when signed URLs end. */
const addresses = new Map<string, string>();

/** Where the picture of an id or a URL is; undefined for an id from before a reload. */
function address(value: string): string | undefined {
  return /^[0-9a-f]{64}$/.test(value) ? addresses.get(value) : value;
}

async function upload(file: File): Promise<{ readonly id: string } | { readonly fault: string }> {
  const { data, error } = await client.mutation(UploadImageDocument, { file }).toPromise();
  const answer = data?.uploadImage;
  if (answer === undefined) return { fault: error?.message ?? "The server gave no answer" };
  if (answer.__typename === "ImageAsset") {
    addresses.set(answer.id, answer.url);
    return { id: answer.id };
  }
  return { fault: answer.message };
}
