/** What clients are told names no folder of this machine. */

import { strict as assert } from "node:assert";
import { pathsWithin, withoutPaths } from "../paths.ts";

Deno.test("absolute paths and file URLs are cut down to their last name", () => {
  const cases = [
    ['Cannot use "/srv/models/beds/unet/model.onnx": missing', 'Cannot use "model.onnx": missing'],
    ["No such file (os error 2): open '/srv/my models/a b/c.json'", "No such file (os error 2): open 'c.json'"],
    ["at run (file:///srv/app/compute/run.ts:12:3)", "at run (run.ts:12:3)"],
    ["NotFound: readfile /srv/app/x.bin, twice", "NotFound: readfile x.bin, twice"],
    ["dlopen C:\\Program\\ort\\ort.dll failed", "dlopen ort.dll failed"],
    ["/tmp/b/ and /tmp/b/c", " and c"],
  ] as const;
  for (const [text, expected] of cases) assert.equal(withoutPaths(text), expected);
});

Deno.test("what is no path of this machine stays", () => {
  const texts = [
    "Division of 1/2/3 and a/b/c.json",
    "see https://onnx.ai/onnx/operators/Attention.html",
    "must be from 0 to 1, got 2",
    'operator "/down_blocks.0/attentions.0/attn2/MatMul" is no cross-attention',
    "/mid_block/attentions.0/attn2/to_out.0/Add",
  ];
  for (const text of texts) assert.equal(withoutPaths(text), text);
});

Deno.test("paths inside a folder are given from there on", () => {
  assert.equal(pathsWithin("/srv/models", 'Cannot use "/srv/models/beds/unet"'), 'Cannot use "beds/unet"');
  assert.equal(pathsWithin("./models/", 'Cannot use "models/beds/unet"'), 'Cannot use "beds/unet"');
});
