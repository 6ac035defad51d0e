import { createHash } from 'node:crypto';
import { imageReference } from '../controllers/image-reference.ts';

/** One run of one container, as its log sees it. */
export interface Run {
  image: string;
  /** Distinct for each run; decides which requests the simulated program met. */
  seed: string;
  startedAt: Date;
}

/** What a simulated program prints: when it starts, for the n-th piece of work, and when it dies of the message. */
export interface Program {
  onStart(run: Run): readonly string[];
  onWork(run: Run, at: Date, index: number): string;
  onCrash(run: Run, at: Date, message: string): readonly string[];
}

/** The program inside an image, by the image's repository. */
export function programOf(image: string): Program {
  const repository = imageReference(image).replace(/:[^/:]*$/, '');
  return programs[repository] ?? service(repository.slice(repository.lastIndexOf('/') + 1));
}

const PATHS = ['/', '/products', '/products/1184', '/cart', '/assets/shop.css', '/search?q=lamp', '/healthz'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const nginx: Program = {
  onStart: ({ image, startedAt }) => {
    const stamp = startedAt.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
    const version = /:([\d.]+)/.exec(image)?.[1] ?? 'unknown';
    return [
      '/docker-entrypoint.sh: Configuration complete; ready for start up',
      `${stamp} [notice] 1#1: nginx/${version}.0`,
      `${stamp} [notice] 1#1: start worker processes`,
    ];
  },
  onWork: (run, at, index) => {
    const path = pick(PATHS, run, index);
    const agent = path === '/healthz' ? 'kube-probe/1.34' : 'Mozilla/5.0 (X11; Linux x86_64)';
    return `10.244.0.1 - - [${clfTime(at)}] "GET ${path} HTTP/1.1" 200 ${number(run, index, 200, 9000)} "-" "${agent}"`;
  },
  onCrash: (_run, at, message) => [
    `${at.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} [emerg] 1#1: ${message}`,
  ],
};

const redis: Program = {
  onStart: ({ startedAt }) => [
    `1:C ${redisTime(startedAt)} * Configuration loaded`,
    `1:M ${redisTime(startedAt)} * Server initialized`,
    `1:M ${redisTime(startedAt)} * Ready to accept connections tcp`,
  ],
  onWork: (run, at, index) => `1:M ${redisTime(at)} * ${number(run, index, 1, 100)} changes in 60 seconds. Saving...`,
  onCrash: (_run, at, message) => [`1:M ${redisTime(at)} # Fatal: ${message}`],
};

const programs: Record<string, Program> = { 'docker.io/library/nginx': nginx, 'docker.io/library/redis': redis };

/** A service of the shop: one JSON object a line. */
function service(name: string): Program {
  const line = (at: Date, level: string, msg: string, more: object = {}) =>
    JSON.stringify({ time: at.toISOString(), level, service: name, msg, ...more });
  return {
    onStart: ({ startedAt, image }) => [
      line(startedAt, 'info', 'starting', { image }),
      line(startedAt, 'info', 'listening', { port: 8080 }),
    ],
    onWork: (run, at, index) =>
      line(at, 'info', 'request', {
        method: 'GET',
        path: pick(PATHS, run, index),
        status: 200,
        durationMs: number(run, index, 2, 80),
      }),
    onCrash: (_run, at, message) => [
      line(at, 'error', message),
      `Error: ${message}`,
      `    at open (/app/${name}/dist/start.js:41:11)`,
      `    at async main (/app/${name}/dist/main.js:12:3)`,
      line(at, 'fatal', 'cannot go on, exiting'),
    ],
  };
}

function number(run: Run, index: number, low: number, high: number): number {
  const draw = createHash('sha256').update(`${run.seed}/${index}`).digest().readUInt32BE(0);
  return low + (draw % (high - low));
}

function pick(choices: readonly string[], run: Run, index: number): string {
  return choices[number(run, index, 0, choices.length)] ?? '/';
}

/** 21/Nov/2026:10:00:05 +0000 */
function clfTime(at: Date): string {
  return `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}

/** 21 Nov 2026 10:00:05.000 */
function redisTime(at: Date): string {
  return `${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()} ${at.toISOString().slice(11, 23)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
