/** Doing something to a GPU in the middle of a run. */

/** The channel on which a Worker is told to lose its device. */
export const LOSE = "parterre-test-lose-device";

/**
 * Prepares this thread's devices.
 * @param act Called once with the device, just after work was submitted to it.
 * @returns What makes the next submission the one.
 */
export function atNextSubmit(act: (device: GPUDevice) => void): () => void {
  const devices = new Map<GPUQueue, GPUDevice>();
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.set(device.queue, device);
    return device;
  };
  let armed = false;
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (buffers) {
    const answer = submit.call(this, buffers);
    const device = devices.get(this);
    if (armed && device !== undefined) {
      armed = false;
      act(device);
    }
    return answer;
  };
  return () => armed = true;
}

/** Prepares this thread's devices to be lost; call the result to lose the next one in use. */
export function loseDeviceAtNextSubmit(): () => void {
  return atNextSubmit((device) => device.destroy());
}
