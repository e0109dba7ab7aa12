/** MozJPEG's decoder. */
export declare const jpegDecoder: WebAssembly.Module;
/** MozJPEG's encoder. */
export declare const jpegEncoder: WebAssembly.Module;
/** libwebp's decoder. */
export declare const webpDecoder: WebAssembly.Module;
/** libwebp's encoder, with the SIMD instructions that the inference runtime needs as well. */
export declare const webpEncoder: WebAssembly.Module;
