// Computes a layout beside the page, which stays at hand meanwhile.
import { arrange, type LayoutTask } from "./layout";

self.addEventListener("message", ({ data }: MessageEvent<{ number: number; task: LayoutTask }>) => {
  self.postMessage({ number: data.number, positions: arrange(data.task) });
});
