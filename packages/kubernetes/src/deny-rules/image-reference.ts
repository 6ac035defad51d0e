/** An image reference in its parts (the grammar of the distribution project: [registry[:port]/]path[:tag][@digest]). */
export interface ImageReference {
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

const HOST =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?){0,10}';
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-{1,10})[a-z0-9]+){0,30}';
const NAME = new RegExp(
  `^(?:(?:${HOST}|\\[[0-9a-fA-F:]{2,45}\\])(?::[0-9]{1,5})?/)?${COMPONENT}(?:/${COMPONENT}){0,20}$`,
);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+){0,5}:[0-9a-fA-F]{32,256}$/;

/**
 * Undefined for what is no reference: spaces, control characters, flags. The colon of a port is not the colon of a tag:
 * `registry:5000/app` has no tag.
 */
export function parseImage(reference: string): ImageReference | undefined {
  if (reference.length > 512) return undefined;
  const [tagged = '', digest, ...rest] = reference.split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const name = colon === -1 ? tagged : tagged.slice(0, colon);
  const tag = colon === -1 ? null : tagged.slice(colon + 1);
  if (!NAME.test(name) || (tag !== null && !TAG.test(tag))) return undefined;
  return { name, tag, digest: digest ?? null };
}
