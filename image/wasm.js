/**
 * The codecs' WebAssembly modules, as imports: they load without read permission and from Deno's own cache. JavaScript,
 * because TypeScript does not parse source phase imports (https://github.com/tc39/proposal-source-phase-imports).
 */

import source jpegDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import source jpegEncoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
import source webpDecoder from "@jsquash/webp/codec/dec/webp_dec.wasm";
import source webpEncoder from "@jsquash/webp/codec/enc/webp_enc_simd.wasm";

export { jpegDecoder, jpegEncoder, webpDecoder, webpEncoder };
