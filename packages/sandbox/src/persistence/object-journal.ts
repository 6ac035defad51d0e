import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { isRecord, type JsonRecord, numberAt, recordAt, stringAt } from '../json/record.ts';
import { journalMaxExtraChanges } from '../limits.ts';
import type { RestoredObjects } from '../store/create-object-store.ts';
import type { KubeObject, ObjectStore, ResourceKey, StoreEvent } from '../store/object-store.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/**
 * The store on disk: one file of JSON lines, a snapshot first and then every change. Each change is written at once but not forced to the disk: that
 * costs microseconds, and the operating system keeps what was written when this process is killed (SIGKILL). Only a machine that loses power may lose
 * the last changes; a clean stop forces them out.
 */
const format = 'countersign.sandbox-objects/v1';

export interface ObjectJournal {
  /** Forces everything to the disk and stops recording. */
  close(): void;
}

/** What an earlier run left, or undefined on a fresh start. A last line that was cut off is dropped: its change was never answered. */
export function readObjectJournal(path: string): RestoredObjects | undefined {
  const content = readPrivateFile(path);
  if (content === undefined) return undefined;
  const lines = content.slice(0, content.lastIndexOf('\n')).split('\n');
  const header = parseLine(path, lines[0] ?? '', 1);
  if (header.format !== format) throw damaged(path, 1);
  let resourceVersion = numberAt(header, 'resourceVersion') ?? 0;
  const objects = new Map<string, { resource: ResourceKey; object: KubeObject }>();
  lines.slice(1).forEach((line, index) => {
    const change = parseLine(path, line, index + 2);
    const resource = stringAt(change, 'resource');
    const object = recordAt(change, 'object');
    const version = Number(stringAt(object, 'metadata', 'resourceVersion'));
    if (resource === undefined || object === undefined || Number.isNaN(version)) throw damaged(path, index + 2);
    const key = `${resource} ${stringAt(object, 'metadata', 'namespace') ?? ''} ${stringAt(object, 'metadata', 'name')}`;
    if (change.type === 'DELETED') objects.delete(key);
    else objects.set(key, { resource, object: object as KubeObject });
    resourceVersion = Math.max(resourceVersion, version);
  });
  return { resourceVersion, objects: objects.values() };
}

/**
 * Starts recording: writes a snapshot of what is in the store now (the file is there only from then on, so a start that dies while it seeds
 * the store begins again from nothing) and appends each change.
 */
export function recordObjects(path: string, store: ObjectStore): ObjectJournal {
  let file: number | undefined;
  let extraChanges = 0;

  function snapshot() {
    if (file !== undefined) closeSync(file);
    const lines = [JSON.stringify({ format, resourceVersion: Number(store.resourceVersion) })];
    for (const resource of new Set(store.resources.all().map(({ key }) => key))) {
      if (resource === 'events.events.k8s.io') continue;
      for (const object of store.list(resource)) lines.push(JSON.stringify({ resource, object }));
    }
    writePrivateFile(path, `${lines.join('\n')}\n`);
    file = openSync(path, 'a', 0o600);
    extraChanges = 0;
  }

  function append({ type, resource, object }: StoreEvent) {
    if (file === undefined) return;
    extraChanges += 1;
    // Of a deleted object the name and the counter are enough.
    const { name, namespace, resourceVersion } = object.metadata;
    const kept = type === 'DELETED' ? { metadata: { name, namespace, resourceVersion } } : object;
    writeSync(file, `${JSON.stringify({ type, resource, object: kept })}\n`);
    if (extraChanges >= journalMaxExtraChanges) snapshot();
  }

  snapshot();
  const unsubscribe = store.subscribe(append);
  return {
    close() {
      unsubscribe();
      if (file === undefined) return;
      fsyncSync(file);
      closeSync(file);
      file = undefined;
    },
  };
}

function parseLine(path: string, line: string, number: number): JsonRecord {
  try {
    const parsed: unknown = JSON.parse(line);
    if (isRecord(parsed)) return parsed;
  } catch {
    // Falls through: the sentence below says more than the parser does.
  }
  throw damaged(path, number);
}

function damaged(path: string, line: number): Error {
  return new Error(
    `The sandbox's objects in ${path} cannot be read (line ${line}). Delete the file to start with a fresh sandbox cluster.`,
  );
}
