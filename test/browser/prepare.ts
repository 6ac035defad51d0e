/** Before any test file: the browser is unpacked once. Two files that unpack it at the same time would start half a program. */
import { chromiumPath } from './chromium.ts';

export async function setup(): Promise<void> {
  await chromiumPath();
}
