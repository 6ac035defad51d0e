import { createHash } from 'node:crypto';

/** An image name in full, as the container runtime resolves it: `nginx:1.27` is `docker.io/library/nginx:1.27`, and no tag means `latest`. */
export function imageReference(image: string): string {
  const first = image.split('/')[0] ?? '';
  const hasRegistry = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? image : image.includes('/') ? `docker.io/${image}` : `docker.io/library/${image}`;
  const lastPart = path.slice(path.lastIndexOf('/') + 1);
  return /[:@]/.test(lastPart) ? path : `${path}:latest`;
}

/** `<repository>@sha256:<digest>`; the digest is the same for the same image in every run. */
export function imageId(image: string): string {
  const reference = imageReference(image);
  const repository = reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return `${repository}@sha256:${createHash('sha256').update(reference).digest('hex')}`;
}

/** What the container runtime answers for an image that no registry has. */
export function pullError(image: string): string {
  const reference = imageReference(image);
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": ` +
    `failed to resolve reference "${reference}": ${reference}: not found`
  );
}
