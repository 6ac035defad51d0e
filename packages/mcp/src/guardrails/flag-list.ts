/** The flags of one answer: suspicious passages, in plain text and in base64, each once per place. */
import { encodedRuns } from '@countersign/approvals';
import { BASE64_DEPTH_MAX, FLAGS_MAX } from '../limits.ts';
import { createSuspicionScan, type Suspicion } from './suspicion.ts';

export interface Flag {
  readonly category: Suspicion;
  /** JSON pointer of the text. */
  readonly at: string;
  /** Found after decoding base64. */
  readonly encoded: boolean;
}

export interface FlagList {
  /** Texts in reading order: a passage that is split over several of them is still found. */
  look(text: string, at: string): void;
  found(): readonly Flag[];
}

export function createFlagList(toolNames: readonly string[]): FlagList {
  const scan = createSuspicionScan(toolNames);
  const flags: Flag[] = [];
  const add = (flag: Flag): void => {
    const known = flags.some((f) => f.category === flag.category && f.at === flag.at && f.encoded === flag.encoded);
    if (!known && flags.length < FLAGS_MAX) flags.push(flag);
  };
  /** Each decoded text is looked at by itself, and once more for base64 within it. */
  const lookInside = (text: string, at: string, depth: number): void => {
    if (depth > BASE64_DEPTH_MAX) return;
    for (const decoded of encodedRuns(text).flatMap(({ texts }) => texts)) {
      for (const category of createSuspicionScan(toolNames)(decoded)) add({ category, at, encoded: true });
      lookInside(decoded, at, depth + 1);
    }
  };
  return {
    look(text, at) {
      for (const category of scan(text)) add({ category, at, encoded: false });
      lookInside(text, at, 1);
    },
    found: () => flags,
  };
}
