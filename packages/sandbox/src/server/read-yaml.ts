import { parseDocument, type Tags } from 'yaml';
import { StatusError } from '../store/status-error.ts';
import { parseJson } from './read-body.ts';

/**
 * One YAML document (JSON is one) as JSON, with YAML 1.1's booleans as Kubernetes' own reader has them; its timestamps and base-60 numbers stay text, as
 * there. `strict`: a member that is there twice is refused. Throws BadRequest.
 */
export function parseYaml(body: Uint8Array, strict: boolean): unknown {
  const document = parseDocument(new TextDecoder('utf-8').decode(body), {
    version: '1.1',
    schema: 'yaml-1.1',
    customTags: (tags) => tags.filter((tag) => !isTimeLike(tag)),
    uniqueKeys: strict,
    logLevel: 'silent',
  });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const why = wrong.code === 'DUPLICATE_KEY' ? 'error strict decoding patch' : 'error decoding patch';
    throw new StatusError('BadRequest', `${why}: error converting YAML to JSON: ${wrong.message.split('\n', 1)[0]}`);
  }
  try {
    return parseJson(Buffer.from(JSON.stringify(document.toJS({ maxAliasCount }))));
  } catch (error) {
    if (error instanceof StatusError) throw error;
    // Aliases that would fill the memory end here.
    throw new StatusError('BadRequest', 'error decoding patch: error converting YAML to JSON');
  }
}

const maxAliasCount = 100;

function isTimeLike(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return ['timestamp', 'intTime', 'floatTime'].includes(tag);
  return tag.tag === 'tag:yaml.org,2002:timestamp' || ('format' in tag && tag.format === 'TIME');
}
