// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/**
 * Latents to bytes by a linear map: `PreviewMap.render` in `compute/pipeline/preview.ts`, bit for bit. That adds up in
 * 32 bits what it multiplies in 64, and so does this, two cells at a time.
 */

/**
 * @param latents f32 [channels, cells], with room for two beyond the end.
 * @param matrix f64 [channels + 1, 3], the last row the offset.
 * @param bytes u8 [cells, 3], with room for one more cell.
 */
export function renderPreview(latents: usize, channels: i32, cells: i32, matrix: usize, bytes: usize): void {
  const offset = matrix + <usize> (channels * 3) * 8;
  const half = f64x2.splat(0.5), none = f64x2.splat(0), one = f64x2.splat(1), most = f64x2.splat(255);
  for (let i = 0; i < cells; i += 2) {
    const out = bytes + <usize> (i * 3);
    for (let rgb: usize = 0; rgb < 3; rgb++) {
      let sum = f32x4.demote_f64x2_zero(v128.load64_splat(offset + (rgb << 3)));
      let at = latents + (<usize> i << 2), weight = matrix + (rgb << 3);
      for (let c = 0; c < channels; c++, at += <usize> cells << 2, weight += 24) {
        const value = f64x2.promote_low_f32x4(v128.load64_zero(at));
        const term = f64x2.mul(v128.load64_splat(weight), value);
        sum = f32x4.demote_f64x2_zero(f64x2.add(f64x2.promote_low_f32x4(sum), term));
      }
      const scaled = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(sum), half), half);
      const value = f64x2.nearest(f64x2.mul(f64x2.pmin(one, f64x2.pmax(none, scaled)), most));
      const whole = i32x4.trunc_sat_f64x2_u_zero(value);
      store<u8>(out + rgb, i32x4.extract_lane(whole, 0));
      store<u8>(out + rgb + 3, i32x4.extract_lane(whole, 1));
    }
  }
}
